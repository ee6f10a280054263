import type { ContactStanding } from "../../../../lib/consent/contact-page.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { type Column, DataTable } from "../../../_ui/data-table.tsx";
import { Empty } from "../../../_ui/empty.tsx";
import { Link } from "../../../_ui/link.tsx";
import { StandingTag } from "../../../_ui/standing-tag.tsx";

/** How she stands on each list, and why: the gate's answer in words. */
export function Standings({ of, signed: { t, format } }: { of: ContactStanding[]; signed: SignedIn }) {
  const columns: Column<ContactStanding>[] = [
    {
      key: "list",
      main: true,
      head: t("contacts.columns.list"),
      cell: ({ list, purpose }) => (
        <>
          <Link look="quiet" href={`/lists/${list.id}`}>
            {list.name}
          </Link>
          <span className="block font-normal text-note text-ink-2">{t(`lists.purposes.${purpose}`)}</span>
        </>
      ),
    },
    {
      key: "standing",
      head: t("contacts.columns.standing"),
      cell: ({ standing }) => <StandingTag standing={standing} />,
    },
    { key: "why", head: t("contacts.columns.why"), cell: (row) => why(row, t, format) },
  ];
  return (
    <DataTable
      {...{ columns, rows: of }}
      caption={t("contacts.standings")}
      rowKey={(row) => row.list.id}
      empty={<Empty>{t("contacts.noStandings")}</Empty>}
    />
  );
}

function why({ reason, since, until, level }: ContactStanding, t: SignedIn["t"], format: SignedIn["format"]): string {
  if (reason !== null) return t(`standings.reasons.${reason}`);
  if (!since || !until) return t("standings.allowed");
  return t("standings.allowedSince", { since: format.date(since), until: format.date(until), level: level ?? "" });
}
