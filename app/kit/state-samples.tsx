import { getTranslations } from "next-intl/server";
import { Button } from "../_ui/button.tsx";
import { Icon } from "../_ui/icon.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../_ui/layout.tsx";
import { Link } from "../_ui/link.tsx";
import { Meter, Progress } from "../_ui/meter.tsx";
import { Notice, StatusLine } from "../_ui/notice.tsx";
import { StatusTag } from "../_ui/status-tag.tsx";
import { Steps } from "../_ui/steps.tsx";
import { TimeText } from "../_ui/time-text.tsx";
import type { Say } from "./say.ts";

/** Tags, notices, meters, steps, times. */
export async function StateSamples({ say }: { say: Say }) {
  const t = await getTranslations("ui");
  const at = new Date("2026-11-30T08:00:00Z");
  return (
    <Section id="states" title={say("Stati e avvisi", "States and notices")}>
      <Columns
        aside={
          <Sheet>
            <Steps
              words={{ done: t("state.done"), current: t("state.current"), todo: t("state.todo") }}
              of={[
                { state: "done", title: say("Chi scrive", "Who writes"), detail: "Negozio Bianchi S.r.l." },
                {
                  state: "current",
                  title: say("Prova tutto da te", "Try it all yourself"),
                  detail: say("Iscriviti dal modulo", "Sign up by the form"),
                  action: <Link href="/kit">{say("Apri", "Open")}</Link>,
                },
                { state: "todo", title: say("Server di invio", "Sending server") },
              ]}
            />
          </Sheet>
        }
      >
        <Sheet>
          <SheetPart>
            <p className="flex flex-wrap gap-2">
              <StatusTag tone="ok">{say("Conclusa", "Done")}</StatusTag>
              <StatusTag tone="info">{say("In invio", "Sending")}</StatusTag>
              <StatusTag tone="warn">{say("Sospesa", "Paused")}</StatusTag>
              <StatusTag tone="bad">{say("Rifiutato", "Rejected")}</StatusTag>
              <StatusTag tone="still">{say("Bozza", "Draft")}</StatusTag>
            </p>
            <StatusLine action={<Link href="/kit">{say("Annulla", "Undo")}</Link>}>
              {say(
                "Sospesa alle 10.41 da Luca. Restano 1.760 messaggi.",
                "Paused at 10:41 by Luca. 1,760 messages left.",
              )}
            </StatusLine>
            <Notice title={say("La posta va nella sandbox", "Mail goes to the sandbox")}>
              <p>
                {say(
                  "Nessuno la riceve finché non c’è un server di invio.",
                  "Nobody receives it until there is a sending server.",
                )}
              </p>
            </Notice>
            <Notice tone="ok">
              <p>{say("Salvato.", "Saved.")}</p>
            </Notice>
            <Notice
              tone="warn"
              title={say("Il server scade fra 9 giorni", "The server expires in 9 days")}
              action={<Link href="/kit">{say("Rinnova", "Renew")}</Link>}
            />
            <Notice
              tone="bad"
              title={say("Non si può inviare", "Can’t send")}
              action={<Button>{say("Vedi i 12", "See the 12")}</Button>}
            >
              <p>{say("12 destinatari non hanno un consenso provato.", "12 recipients have no proven consent.")}</p>
            </Notice>
          </SheetPart>
          <SheetPart className="space-y-5">
            <Meter label="mail.esempio.it" value={118} max={250} reserve={20}>
              {say("118 di 250 oggi, 20 riservati alle conferme", "118 of 250 today, 20 kept for confirmations")}
            </Meter>
            <Meter label="dedicate214" value={246} max={250}>
              {say("246 di 250 oggi", "246 of 250 today")}
            </Meter>
            <Progress label={say("Invio", "Sending")} value={1204} max={2964}>
              {say(
                "1.204 di 2.964, finisce venerdì 11 dicembre verso le 10.40",
                "1,204 of 2,964, ends on Friday 11 December about 10:40",
              )}
            </Progress>
          </SheetPart>
          <SheetPart>
            <p>
              <TimeText at={at} form="long" />
            </p>
            <Note>
              <TimeText at={at} /> · <TimeText at={at} form="near" /> · <TimeText at={at} form="time" /> ·{" "}
              <TimeText at={at} form="table" />
            </Note>
            <p className="flex gap-3 text-ink-2">
              <Icon name="search" label={say("Cerca", "Search")} />
              <Icon name="inbox" size={22} />
              <Icon name="check" size={14} />
            </p>
          </SheetPart>
        </Sheet>
      </Columns>
    </Section>
  );
}
