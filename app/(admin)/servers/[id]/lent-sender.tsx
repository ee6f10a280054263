import type { ServerView } from "../../../../lib/servers/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { TextField } from "../../../_ui/text-field.tsx";
import { saveSender } from "../actions.ts";

/** As whom a borrower sends over a server that is lent to her. */
export function LentSender({
  signed: { t },
  server,
  writes,
}: {
  signed: SignedIn;
  server: ServerView;
  writes: boolean;
}) {
  const { id, fromName, fromAddress, envelopeFrom } = server;
  return (
    <Section title={t("serverScreens.lent.sender")}>
      <Sheet>
        <SheetPart>
          <p className="max-w-text">{t("serverScreens.lent.about")}</p>
          {writes && (
            <ActionForm action={saveSender} id="sender" className="space-y-5" label={t("serverScreens.lent.sender")}>
              <input type="hidden" name="server" value={id} />
              <TextField
                name="fromName"
                label={t("serverScreens.form.fromName")}
                help={t("serverScreens.form.fromNameHelp")}
                defaultValue={fromName}
                maxLength={100}
                required
              />
              <TextField
                name="fromAddress"
                type="email"
                label={t("serverScreens.form.fromAddress")}
                help={t("serverScreens.form.fromAddressHelp")}
                defaultValue={fromAddress}
                autoComplete="off"
                required
              />
              <TextField
                name="envelopeFrom"
                type="email"
                label={t("serverScreens.form.envelopeFrom")}
                help={t("serverScreens.form.envelopeFromHelp")}
                defaultValue={envelopeFrom === fromAddress ? "" : envelopeFrom}
                autoComplete="off"
                optional
              />
              <SubmitButton>{t("serverScreens.lent.save")}</SubmitButton>
            </ActionForm>
          )}
        </SheetPart>
      </Sheet>
    </Section>
  );
}
