import { Sheet } from "../_ui/layout.tsx";
import { Register, RegisterRow } from "../_ui/register.tsx";
import { StatusTag } from "../_ui/status-tag.tsx";
import { TimeText } from "../_ui/time-text.tsx";
import type { Say } from "./say.ts";

/** The story of a contact, newest first; the latest entry waits for its number. */
export function RegisterSample({ say }: { say: Say }) {
  return (
    <Sheet>
      <Register label={say("Storia", "Story")}>
        <RegisterRow
          waiting={say("in attesa", "waiting")}
          time={<TimeText at={new Date("2026-11-30T08:02:00Z")} />}
          what={say(
            "Messaggio “Novità d’inverno” accettato da mail.esempio.it.",
            "Message “Winter news” accepted by mail.example.it.",
          )}
        />
        <RegisterRow
          serial={say("n. 4.102", "no. 4,102")}
          time={<TimeText at={new Date("2026-11-24T08:12:00Z")} />}
          what={say("Ha confermato l’iscrizione dal link nella email.", "Confirmed by the link in the email.")}
          detail={say(
            "Testo “Newsletter mensile”, versione 3 · IP 203.0.113.24",
            "Text “Monthly newsletter”, version 3 · IP 203.0.113.24",
          )}
          state={<StatusTag tone="ok">{say("Consenso attivo", "Consent active")}</StatusTag>}
        />
        <RegisterRow
          serial={say("n. 4.101", "no. 4,101")}
          time={<TimeText at={new Date("2026-11-24T08:10:00Z")} />}
          what={say("Richiesta inviata dal modulo “Piè di pagina sito”.", "Request sent by the form “Site footer”.")}
          detail={say(
            "Casella selezionata dalla persona, non preselezionata",
            "Box ticked by the person, not pre-ticked",
          )}
          state={<StatusTag tone="warn">{say("In attesa", "Waiting")}</StatusTag>}
        />
        <RegisterRow
          serial={say("n. 2.877", "no. 2,877")}
          time={<TimeText at={new Date("2025-03-03T16:40:00Z")} />}
          what={say(
            "Ha annullato l’iscrizione con il pulsante del client di posta.",
            "Unsubscribed by the button of the mail program.",
          )}
          state={<StatusTag tone="bad">{say("Revocato", "Withdrawn")}</StatusTag>}
        />
      </Register>
    </Sheet>
  );
}
