import { visitor } from "../../../_server/session.ts";
import { LinkButton } from "../../../_ui/button.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { BarePage } from "../../../_ui/shell.tsx";

export default async function NoReset() {
  const { t } = await visitor();
  return (
    <BarePage>
      <PageHead title={t("access.reset.goneTitle")} state={t("access.reset.gone")} />
      <LinkButton look="primary" href="/lost-password">
        {t("access.lost.button")}
      </LinkButton>
    </BarePage>
  );
}
