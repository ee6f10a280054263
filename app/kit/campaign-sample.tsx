import { Breadcrumb } from "../_ui/breadcrumb.tsx";
import { Button, LinkButton } from "../_ui/button.tsx";
import { type Check, Checks } from "../_ui/checks.tsx";
import { DataTable } from "../_ui/data-table.tsx";
import { type Day, DayBars } from "../_ui/day-bars.tsx";
import { Fact, Facts } from "../_ui/facts.tsx";
import { KeySentence } from "../_ui/key-sentence.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../_ui/layout.tsx";
import { Link } from "../_ui/link.tsx";
import { PageHead } from "../_ui/page-head.tsx";
import { RegisterSample } from "./register-sample.tsx";
import type { Say } from "./say.ts";

/** A scheduled campaign: how the pieces make a screen. */
export function CampaignSample({ say }: { say: Say }) {
  return (
    <>
      <PageHead
        above={<Breadcrumb of={[{ href: "/kit", label: say("Campagne", "Campaigns") }]} />}
        title={say("Novità d’inverno", "Winter news")}
        state={say(
          "Programmata per lunedì 30 novembre 2026, ore 9.00 (Roma) · Lista Clienti · 2.964 destinatari",
          "Scheduled for Monday 30 November 2026, 9:00 (Rome) · List Customers · 2,964 recipients",
        )}
        actions={
          <>
            <LinkButton href="/kit">{say("Invia una prova", "Send a test")}</LinkButton>
            <Button>{say("Annulla programmazione", "Cancel the schedule")}</Button>
          </>
        }
      />
      <Columns aside={<Aside say={say} />}>
        <Sheet>
          <SheetPart>
            <KeySentence>
              {say("A ", "At ")}
              <b>{say("250 al giorno", "250 a day")}</b> {say("servono ", "it takes ")}
              <b>{say("12 giorni", "12 days")}</b>
              {say(": l’invio parte lunedì 30 novembre e finisce ", ": sending starts on Monday 30 November and ends ")}
              <b>{say("venerdì 11 dicembre, verso le 10.40", "on Friday 11 December, about 10:40")}</b>.
            </KeySentence>
            <DayBars
              days={days(say)}
              label={say("Invii previsti per giorno", "Emails planned by day")}
              words={barWords(say)}
            />
            <p className="text-table text-warn">
              <b>
                {say("Il server “dedicate214” scade il 9 dicembre.", "The server “dedicate214” expires on 9 December.")}
              </b>{" "}
              {say("714 messaggi partirebbero dopo la scadenza. ", "714 messages would leave after that. ")}
              <Link href="/kit">{say("Rinnova prima del 9", "Renew before the 9th")}</Link> {say("oppure", "or")}{" "}
              <Link href="/kit">{say("usa due server", "use two servers")}</Link>.
            </p>
          </SheetPart>
          <Facts>
            <Fact term="Server">
              {say("mail.esempio.it, porta 8081 (condiviso)", "mail.example.it, port 8081 (shared)")}
            </Fact>
            <Fact term={say("Finestra", "Window")}>
              {say("Dal lunedì alla domenica, 8.00–20.00", "Monday to Sunday, 8:00–20:00")}
            </Fact>
            <Fact term={say("Ritmo", "Rate")}>
              {say("250 al giorno, non più di 60 l’ora", "250 a day, no more than 60 an hour")}
            </Fact>
            <Fact term={say("Condiviso con", "Shared with")}>
              {say("“Avvisi soci”, fino al 1 dicembre", "“Member notices”, until 1 December")}
            </Fact>
          </Facts>
        </Sheet>
        <Section title={say("Storia di anna.rossi@esempio.it", "Story of anna.rossi@example.it")}>
          <RegisterSample say={say} />
        </Section>
      </Columns>
    </>
  );
}

function days(say: Say): Day[] {
  const names = ["lun 30|Mon 30", "mar 1|Tue 1", "mer 2|Wed 2", "gio 3|Thu 3", "ven 4|Fri 4", "sab 5|Sat 5"].concat([
    "dom 6|Sun 6",
    "lun 7|Mon 7",
    "mar 8|Tue 8",
    "mer 9|Wed 9",
    "gio 10|Thu 10",
    "ven 11|Fri 11",
  ]);
  return names.map((both, i) => {
    const [it = "", en = ""] = both.split("|");
    const value = i === 11 ? 214 : 250;
    const kind = i < 2 ? "done" : i < 9 ? "planned" : "late";
    return { key: it, short: say(it, en), long: say(it, en), value, text: String(value), kind };
  });
}

const barWords = (say: Say) => ({
  values: say("Valori", "Numbers"),
  day: say("Giorno", "Day"),
  number: say("Invii", "Emails"),
  kind: say("Stato", "State"),
  kinds: {
    done: say("inviati", "sent"),
    planned: say("previsti", "planned"),
    late: say("dopo la scadenza", "after expiry"),
  },
});

function Aside({ say }: { say: Say }) {
  const words = {
    ok: say("A posto", "In order"),
    warn: say("Da guardare", "Worth a look"),
    bad: say("Da correggere", "To be corrected"),
    unknown: say("Non verificato", "Not checked"),
  };
  const checks: Check[] = [
    {
      tone: "ok",
      title: say("Link di disiscrizione presente", "Unsubscribe link present"),
      detail: say("Nel testo e nell’intestazione", "In the text and in the header"),
    },
    {
      tone: "warn",
      title: say("41 contatti senza nome", "41 contacts without a name"),
      detail: say("Leggeranno “Ciao lettore”", "They will read “Dear reader”"),
      action: (
        <Link look="quiet" href="/kit">
          {say("Vedi", "See")}
        </Link>
      ),
    },
    {
      tone: "bad",
      title: say("Un’immagine senza testo alternativo", "An image without alternative text"),
      detail: say("Riga 48, “banner-inverno.png”", "Line 48, “winter-banner.png”"),
      action: (
        <Link look="quiet" href="/kit">
          {say("Correggi", "Correct")}
        </Link>
      ),
    },
    {
      tone: "unknown",
      title: say("Link esterni", "External links"),
      detail: say("Non verificati: il server non risponde", "Not checked: the server does not answer"),
    },
    {
      tone: "ok",
      title: say("Peso 38 KB", "Size 38 KB"),
      detail: say("Gmail taglia oltre 102 KB", "Gmail cuts beyond 102 KB"),
    },
  ];
  const servers = [
    { name: "mail.esempio.it", queue: "0", today: "212 / 250" },
    { name: "dedicate214", queue: say("1.804", "1,804"), today: say("9.120", "9,120") },
  ];
  return (
    <>
      <Sheet>
        <Checks of={checks} words={words} />
      </Sheet>
      <Button look="primary" className="mt-4 w-full">
        {say("Programma 2.964 invii", "Schedule 2,964 emails")}
      </Button>
      <div className="mt-2">
        <Note>
          {say(
            "Si può sospendere in qualsiasi momento. Nessuno riceve due volte la stessa email.",
            "It can be paused at any moment. Nobody receives the same email twice.",
          )}
        </Note>
      </div>
      <div className="mt-7">
        <Section title="Server">
          <DataTable
            caption="Server"
            columns={[
              { key: "name", head: say("Nome", "Name"), cell: (row) => row.name, main: true },
              { key: "queue", head: say("Coda", "Queue"), cell: (row) => row.queue, numeric: true },
              { key: "today", head: say("Oggi", "Today"), cell: (row) => row.today, numeric: true },
            ]}
            rows={servers}
            rowKey={(row) => row.name}
          />
        </Section>
      </div>
    </>
  );
}
