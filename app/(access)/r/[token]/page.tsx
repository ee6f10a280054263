import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { showReset } from "../../../../lib/users/reset-password.ts";
import { visitor } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { PasswordField } from "../../../_ui/password-field.tsx";
import { BarePage } from "../../../_ui/shell.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { reset } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await visitor()).t("access.reset.title") };
}

export default async function ResetPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const { s, t } = await visitor();
  const shown = await showReset(s, { token });
  if (!shown) notFound();
  return (
    <BarePage>
      <PageHead title={t("access.reset.title")} state={t("access.reset.about", { email: shown.maskedEmail })} />
      <Sheet>
        <SheetPart>
          <ActionForm action={reset} id="reset">
            <input type="hidden" name="token" value={token} />
            <PasswordField
              name="password"
              label={t("access.newPassword")}
              help={t("access.passwordHelp")}
              autoComplete="new-password"
              required
            />
            <SubmitButton>{t("access.reset.button")}</SubmitButton>
          </ActionForm>
        </SheetPart>
      </Sheet>
    </BarePage>
  );
}
