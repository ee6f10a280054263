import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { isSetUp } from "../../../lib/users/show-setup.ts";
import { currentSession, visitor } from "../../_server/session.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { CodeBlock } from "../../_ui/copy-field.tsx";
import { Sheet, SheetPart } from "../../_ui/layout.tsx";
import { Link } from "../../_ui/link.tsx";
import { Notice } from "../../_ui/notice.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { PasswordField } from "../../_ui/password-field.tsx";
import { BarePage } from "../../_ui/shell.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { TextField } from "../../_ui/text-field.tsx";
import { enter } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await visitor()).t("access.signIn.title") };
}

export default async function SignInPage() {
  if (await currentSession()) redirect("/");
  const { s, t } = await visitor();
  if (!(await isSetUp(s))) {
    return (
      <BarePage>
        <PageHead title={t("access.nobody.title")} state={t("access.nobody.about")} />
        <Notice title={t("access.nobody.lost")}>
          <CodeBlock label={t("setup.gone.command")}>npx assenso setup-link</CodeBlock>
        </Notice>
      </BarePage>
    );
  }
  return (
    <BarePage>
      <PageHead title={t("access.signIn.title")} />
      <Sheet>
        <SheetPart>
          <ActionForm action={enter} id="sign-in">
            <TextField name="email" label={t("access.email")} type="email" autoComplete="username" required autoFocus />
            <PasswordField name="password" label={t("access.password")} autoComplete="current-password" required />
            <SubmitButton>{t("access.signIn.button")}</SubmitButton>
          </ActionForm>
        </SheetPart>
        <SheetPart>
          <Link href="/lost-password">{t("access.lost.title")}</Link>
        </SheetPart>
      </Sheet>
    </BarePage>
  );
}
