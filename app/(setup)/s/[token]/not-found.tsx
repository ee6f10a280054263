import { visitor } from "../../../_server/session.ts";
import { LinkButton } from "../../../_ui/button.tsx";
import { CodeBlock } from "../../../_ui/copy-field.tsx";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { BarePage } from "../../../_ui/shell.tsx";

/** A link that was used, replaced or mistyped: how to get another, and where to go when all is set up. */
export default async function NoSetUp() {
  const { t } = await visitor();
  return (
    <BarePage>
      <PageHead title={t("setup.gone.title")} state={t("setup.gone.about")} />
      <Sheet>
        <SheetPart>
          <p>{t("setup.gone.again")}</p>
          <CodeBlock label={t("setup.gone.command")}>npx assenso setup-link</CodeBlock>
          <p>{t("setup.gone.already")}</p>
          <LinkButton href="/sign-in">{t("access.signIn.title")}</LinkButton>
        </SheetPart>
      </Sheet>
    </BarePage>
  );
}
