import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { showInvitation } from "../../../../lib/users/accept-invitation.ts";
import { visitor } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { PasswordField } from "../../../_ui/password-field.tsx";
import { BarePage } from "../../../_ui/shell.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { TextField } from "../../../_ui/text-field.tsx";
import { accept } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await visitor()).t("access.invitation.title") };
}

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const { s, t, format } = await visitor();
  const invitation = await showInvitation(s, { token });
  if (!invitation) notFound();
  const { organization, email, roles, expiresAt, known } = invitation;
  return (
    <BarePage>
      <PageHead title={t("access.invitation.title")} state={t("access.invitation.about", { organization })} />
      <Sheet>
        <Facts>
          <Fact term={t("access.email")}>{email}</Fact>
          <Fact term={t("people.roles")}>{roles.map((role) => t(`roles.${role}.name`)).join(", ")}</Fact>
          <Fact term={t("access.invitation.until")}>{format.instant(expiresAt)}</Fact>
        </Facts>
        <SheetPart>
          <ActionForm action={accept} id="invitation">
            <input type="hidden" name="token" value={token} />
            {known ? (
              <PasswordField
                name="password"
                label={t("access.password")}
                help={t("access.invitation.known")}
                autoComplete="current-password"
                required
              />
            ) : (
              <>
                <TextField name="name" label={t("setup.you.name")} autoComplete="name" required autoFocus />
                <PasswordField
                  name="password"
                  label={t("access.newPassword")}
                  help={t("access.passwordHelp")}
                  autoComplete="new-password"
                  required
                />
              </>
            )}
            <SubmitButton>{t("access.invitation.button")}</SubmitButton>
          </ActionForm>
        </SheetPart>
      </Sheet>
    </BarePage>
  );
}
