import { getTranslations } from "next-intl/server";
import { LinkButton } from "../_ui/button.tsx";
import { PageHead } from "../_ui/page-head.tsx";

/** 404 within the shell, also for what belongs to another organization. */
export default async function NotFoundPage() {
  const t = await getTranslations("ui");
  return (
    <>
      <PageHead title={t("notFound")} state={t("notFoundAbout")} />
      <LinkButton href="/">{t("home")}</LinkButton>
    </>
  );
}
