import { ActionForm } from "../_ui/action-form.tsx";
import { LinkButton } from "../_ui/button.tsx";
import { Checkbox, FieldGroup, Radio } from "../_ui/choices.tsx";
import { DateTimeField } from "../_ui/date-time-field.tsx";
import { Section, Sheet, SheetPart } from "../_ui/layout.tsx";
import { Actions } from "../_ui/page-head.tsx";
import { PasswordField } from "../_ui/password-field.tsx";
import { Select } from "../_ui/select.tsx";
import { SubmitButton } from "../_ui/submit-button.tsx";
import { NumberField, TextArea, TextField } from "../_ui/text-field.tsx";
import { tryIt } from "./actions.ts";
import type { Say } from "./say.ts";

/** Every field; press the button with an empty name to see the errors. */
export function FormSamples({ say }: { say: Say }) {
  return (
    <Section id="forms" title={say("Moduli e campi", "Forms and fields")}>
      <ActionForm action={tryIt} id="sample" label={say("Modulo di esempio", "Sample form")}>
        <Sheet>
          <SheetPart className="space-y-5">
            <TextField
              name="name"
              label={say("Nome della lista", "Name of the list")}
              help={say(
                "Chi si iscrive lo legge nel modulo e in ogni email.",
                "Whoever signs up reads it in the form and in each email.",
              )}
            />
            <TextField
              name="mail"
              label={say("Indirizzo del mittente", "Sender address")}
              type="email"
              defaultValue="novita@negozio.example"
              autoComplete="email"
              optional
            />
            <TextArea name="topics" label={say("Di che cosa parla", "What it is about")} rows={3} />
            <Select
              name="language"
              label={say("Lingua", "Language")}
              defaultValue="it"
              options={[
                { value: "it", label: "Italiano" },
                { value: "en", label: "English" },
              ]}
            />
            <NumberField
              name="perDay"
              label={say("Limite al giorno", "Limit per day")}
              defaultValue={250}
              after={say("al giorno", "a day")}
            />
            <DateTimeField
              name="at"
              label={say("Quando parte", "When it starts")}
              zone="Roma"
              defaultValue="2026-11-30T09:00"
              help={say("Sull’orologio dell’organizzazione.", "On the organization’s clocks.")}
            />
            <PasswordField
              name="password"
              label="Password"
              autoComplete="new-password"
              help={say("Almeno 12 caratteri.", "At least 12 characters.")}
            />
            <Radio
              name="encryption"
              label={say("Cifratura", "Encryption")}
              defaultValue="starttls"
              choices={[
                { value: "tls", label: "TLS", help: say("Di solito sulla porta 465.", "Usually on port 465.") },
                { value: "starttls", label: "STARTTLS" },
                { value: "none", label: say("Nessuna", "None"), help: say("Senza password.", "Without a password.") },
              ]}
            />
            <FieldGroup name="roles" label={say("Ruoli", "Roles")}>
              <Checkbox grouped name="roles[]" value="owner">
                {say("Titolare", "Owner")}
              </Checkbox>
              <Checkbox
                grouped
                name="roles[]"
                value="marketing"
                defaultChecked
                help={say("Scrive e invia.", "Writes and sends.")}
              >
                Marketing
              </Checkbox>
            </FieldGroup>
            <Checkbox name="agree">{say("Ho letto che cosa succede.", "I have read what happens.")}</Checkbox>
          </SheetPart>
        </Sheet>
        <Actions>
          <SubmitButton>{say("Crea la lista", "Create the list")}</SubmitButton>
          <LinkButton href="/kit">{say("Annulla", "Cancel")}</LinkButton>
        </Actions>
      </ActionForm>
    </Section>
  );
}
