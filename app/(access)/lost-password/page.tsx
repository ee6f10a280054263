import type { Metadata } from "next";
import { visitor } from "../../_server/session.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { CodeBlock } from "../../_ui/copy-field.tsx";
import { Sheet, SheetPart } from "../../_ui/layout.tsx";
import { Link } from "../../_ui/link.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { BarePage } from "../../_ui/shell.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { TextField } from "../../_ui/text-field.tsx";
import { ask } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await visitor()).t("access.lost.title") };
}

export default async function LostPasswordPage() {
  const { t } = await visitor();
  return (
    <BarePage>
      <PageHead title={t("access.lost.title")} state={t("access.lost.about")} />
      <Sheet>
        <SheetPart>
          <ActionForm action={ask} id="lost">
            <TextField name="email" label={t("access.email")} type="email" autoComplete="username" required autoFocus />
            <SubmitButton>{t("access.lost.button")}</SubmitButton>
          </ActionForm>
        </SheetPart>
        <SheetPart>
          <p>{t("access.lost.noMail")}</p>
          <CodeBlock
            label={t("access.lost.command")}
          >{`npx assenso user reset --email ${t("access.lost.example")}`}</CodeBlock>
          <Link href="/sign-in">{t("access.signIn.title")}</Link>
        </SheetPart>
      </Sheet>
    </BarePage>
  );
}
