import { visitor } from "../../../_server/session.ts";
import { LinkButton } from "../../../_ui/button.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { BarePage } from "../../../_ui/shell.tsx";

export default async function NoInvitation() {
  const { t } = await visitor();
  return (
    <BarePage>
      <PageHead title={t("access.invitation.goneTitle")} state={t("access.invitation.gone")} />
      <LinkButton href="/sign-in">{t("access.signIn.title")}</LinkButton>
    </BarePage>
  );
}
