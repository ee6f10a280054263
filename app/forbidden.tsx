import { getTranslations } from "next-intl/server";
import { LinkButton } from "./_ui/button.tsx";
import { PageHead } from "./_ui/page-head.tsx";
import { BarePage } from "./_ui/shell.tsx";

/** 403 outside the shell. */
export default async function ForbiddenPage() {
  const t = await getTranslations("ui");
  return (
    <BarePage>
      <PageHead title={t("forbidden")} state={t("forbiddenAbout")} />
      <LinkButton href="/">{t("home")}</LinkButton>
    </BarePage>
  );
}
