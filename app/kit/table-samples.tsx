import { Address } from "../_ui/address.tsx";
import { LinkButton } from "../_ui/button.tsx";
import { type Column, DataTable } from "../_ui/data-table.tsx";
import { Empty, SkeletonRows } from "../_ui/empty.tsx";
import { Figure, Sums } from "../_ui/figure.tsx";
import { Section, Sheet } from "../_ui/layout.tsx";
import { Link } from "../_ui/link.tsx";
import { Menu } from "../_ui/menu.tsx";
import { StatusTag, type Tone } from "../_ui/status-tag.tsx";
import { Tabs } from "../_ui/tabs.tsx";
import { TimeText } from "../_ui/time-text.tsx";
import type { Say } from "./say.ts";

type Row = { address: string; name: string; tone: Tone; state: string; sent: number; at: Date };

/** DataTable with sorting, pages and a menu; Tabs; figures that add up; nothing yet; not yet here. */
export function TableSamples({ say }: { say: Say }) {
  const rows: Row[] = [
    {
      address: "anna.rossi@esempio.it",
      name: "Anna Rossi",
      tone: "ok",
      state: say("Consenso attivo", "Consent active"),
      sent: 12,
      at: new Date("2026-11-24T08:12:00Z"),
    },
    {
      address: "un.indirizzo.davvero.molto.lungo.da.leggere@sottodominio.associazione-culturale.example",
      name: "",
      tone: "warn",
      state: say("In attesa", "Waiting"),
      sent: 0,
      at: new Date("2026-11-23T15:00:00Z"),
    },
    {
      address: "mario@esempio.it",
      name: "Mario Verdi",
      tone: "bad",
      state: say("Revocato", "Withdrawn"),
      sent: 1204,
      at: new Date("2025-03-03T16:40:00Z"),
    },
  ];
  return (
    <>
      <Section
        id="tables"
        title={say("Contatti", "Contacts")}
        actions={<Link href="/kit">{say("Esporta", "Export")}</Link>}
      >
        <Tabs
          label={say("Viste", "Views")}
          of={[
            { href: "/kit?view=all", label: say("Tutti", "All"), count: say("2.964", "2,964"), current: true },
            { href: "/kit?view=waiting", label: say("In attesa", "Waiting"), count: "41" },
            { href: "/kit?view=left", label: say("Usciti", "Left"), count: "87" },
          ]}
        />
        <DataTable
          caption={say("Contatti", "Contacts")}
          columns={columns(say)}
          rows={rows}
          rowKey={(row) => row.address}
          pages={{
            first: "/kit?page=1",
            previous: "/kit?page=1",
            next: "/kit?page=3",
            about: say("Da 51 a 100 di 2.964", "51 to 100 of 2,964"),
          }}
        />
      </Section>
      <Section title={say("Tre cifre che tornano", "Three figures that add up")}>
        <Sheet>
          <Sums
            label={say("Destinatari", "Recipients")}
            of={[
              { label: say("fatti", "done"), value: <Figure value={1204} href="/kit?state=done" /> },
              { label: say("da fare", "to do"), value: <Figure value={1760} href="/kit?state=todo" /> },
              { label: say("non inviati", "not sent"), value: <Figure value={0} href="/kit?state=not" /> },
            ]}
          />
        </Sheet>
      </Section>
      <Section title={say("Ancora niente", "Nothing yet")}>
        <DataTable<Row>
          caption={say("Contatti", "Contacts")}
          columns={columns(say)}
          rows={[]}
          rowKey={(row) => row.address}
          empty={
            <Empty
              action={
                <LinkButton href="/kit" look="primary">
                  {say("Pubblica un modulo", "Publish a form")}
                </LinkButton>
              }
            >
              {say(
                "Ancora nessun contatto. Pubblica un modulo o importa un elenco di cui conosci l’origine.",
                "No contacts yet. Publish a form, or import a list whose origin you know.",
              )}
            </Empty>
          }
        />
      </Section>
      <Section title={say("In arrivo", "On its way")}>
        <SkeletonRows label={say("Caricamento", "Loading")} rows={3} />
      </Section>
    </>
  );
}

function columns(say: Say): Column<Row>[] {
  return [
    {
      key: "address",
      head: say("Indirizzo", "Address"),
      main: true,
      sort: { href: "/kit?sort=address", now: "ascending" },
      cell: (row) => (
        <Link look="quiet" href="/kit">
          <Address value={row.address} />
        </Link>
      ),
    },
    { key: "masked", head: say("Mascherato", "Masked"), cell: (row) => <Address value={row.address} masked /> },
    { key: "state", head: say("Stato", "State"), cell: (row) => <StatusTag tone={row.tone}>{row.state}</StatusTag> },
    {
      key: "sent",
      head: say("Messaggi", "Messages"),
      numeric: true,
      sort: { href: "/kit?sort=sent" },
      cell: (row) => <Figure value={row.sent} href="/kit" />,
    },
    { key: "at", head: say("Ultimo evento", "Latest event"), cell: (row) => <TimeText at={row.at} form="table" /> },
    {
      key: "more",
      head: say("Altro", "More"),
      cell: (row) => (
        <Menu
          label={`${say("Altro su", "More about")} ${row.address}`}
          entries={[
            { id: "open", label: say("Apri", "Open"), href: "/kit" },
            { id: "erase", label: say("Cancella", "Erase"), danger: true },
          ]}
        />
      ),
    },
  ];
}
