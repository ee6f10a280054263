import { getTranslations } from "next-intl/server";
import { LinkButton } from "./_ui/button.tsx";
import { PageHead } from "./_ui/page-head.tsx";
import { BarePage } from "./_ui/shell.tsx";

/** 404, also for what belongs to another organization. */
export default async function NotFoundPage() {
  const t = await getTranslations("ui");
  return (
    <BarePage>
      <PageHead title={t("notFound")} state={t("notFoundAbout")} />
      <LinkButton href="/">{t("home")}</LinkButton>
    </BarePage>
  );
}
