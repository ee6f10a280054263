import { Button, LinkButton } from "../_ui/button.tsx";
import { ConfirmDialog } from "../_ui/confirm-dialog.tsx";
import { CodeBlock, CopyField } from "../_ui/copy-field.tsx";
import { KeySentence } from "../_ui/key-sentence.tsx";
import { Note, Section, Sheet, SheetPart } from "../_ui/layout.tsx";
import { Menu } from "../_ui/menu.tsx";
import { Actions } from "../_ui/page-head.tsx";
import { LanguageSwitch, ThemeSwitch } from "../_ui/switches.tsx";
import { refuse } from "./actions.ts";
import type { Say } from "./say.ts";

/** Buttons, menu, dialog, switches, what is copied. */
export function ControlSamples({ say, locale }: { say: Say; locale: "it" | "en" }) {
  return (
    <Section id="controls" title={say("Pulsanti e altro che si preme", "Buttons and what else is pressed")}>
      <Sheet>
        <SheetPart>
          <Actions>
            <Button look="primary" icon="send">
              {say("Invia 2.964 email", "Send 2,964 emails")}
            </Button>
            <Button icon="player-pause">{say("Sospendi", "Pause")}</Button>
            <Button look="danger" icon="trash">
              {say("Cancella", "Erase")}
            </Button>
            <Button look="quiet">{say("Mostra tutto", "Show all")}</Button>
            <LinkButton href="/kit" icon="plus">
              {say("Nuova lista", "New list")}
            </LinkButton>
            <Menu
              label={say("Altre azioni", "More actions")}
              entries={[
                { id: "a", label: say("Duplica", "Duplicate") },
                { id: "b", label: say("Cancella", "Erase"), danger: true },
              ]}
            >
              {say("Altre azioni", "More actions")}
            </Menu>
            <ConfirmDialog
              open={say("Annulla il resto", "Cancel the rest")}
              title={say("Annullare il resto dell’invio?", "Cancel the rest?")}
              action={refuse}
              values={{ campaign: "1" }}
              confirm={say("Annulla 1.760 invii", "Cancel 1,760 emails")}
              cancel={say("Continua a inviare", "Go on sending")}
            >
              <KeySentence>
                {say(
                  "1.760 persone non riceveranno questa email; 1.204 l’hanno già ricevuta.",
                  "1,760 people will not receive this email; 1,204 already have.",
                )}
              </KeySentence>
              <Note>{say("Non si può tornare indietro.", "This cannot be undone.")}</Note>
            </ConfirmDialog>
          </Actions>
        </SheetPart>
        <SheetPart className="flex flex-wrap gap-x-10 gap-y-4 space-y-0">
          <ThemeSwitch current="auto" action={nothing} />
          <LanguageSwitch current={locale} action={nothing} />
        </SheetPart>
        <SheetPart className="space-y-5">
          <CopyField
            label={say("Indirizzo del modulo", "Address of the form")}
            value="https://news.example.it/f/7d2k9q"
            help={say("Da mettere dove vuoi.", "To be put wherever you like.")}
          />
          <CodeBlock label={say("Risposta del server", "Answer of the server")}>
            {
              "535 5.7.8 Error: authentication failed: (reason unavailable), please check that the password is that of the mailbox\n221 2.0.0 Bye"
            }
          </CodeBlock>
        </SheetPart>
      </Sheet>
    </Section>
  );
}

async function nothing() {
  "use server";
}
