import { getTranslations } from "next-intl/server";
import { LinkButton } from "../_ui/button.tsx";
import { PageHead } from "../_ui/page-head.tsx";

/** 403 within the shell: the role does not include the screen. */
export default async function ForbiddenPage() {
  const t = await getTranslations("ui");
  return (
    <>
      <PageHead title={t("forbidden")} state={t("forbiddenAbout")} />
      <LinkButton href="/">{t("home")}</LinkButton>
    </>
  );
}
