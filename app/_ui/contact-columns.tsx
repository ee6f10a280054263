import type { ContactRow } from "../../lib/contacts/types.ts";
import type { Translate } from "../_server/translate.ts";
import { Address } from "./address.tsx";
import type { Column } from "./data-table.tsx";
import { Link } from "./link.tsx";
import { StandingTag } from "./standing-tag.tsx";
import { TimeText } from "./time-text.tsx";

/** Who she is, as the head of a row that opens her page. */
export const contactAddress = (t: Translate): Column<ContactRow> => ({
  ...{ key: "address", main: true, head: t("contacts.columns.address") },
  cell: (row) => (
    <>
      <Link look="quiet" href={`/contacts/${row.id}`}>
        <Address value={row.address} />
      </Link>
      {row.name && <bdi className="block font-normal text-note text-ink-2">{row.name}</bdi>}
    </>
  ),
});

/** How she stands, and why. */
export const contactStanding = (t: Translate): Column<ContactRow> => ({
  ...{ key: "standing", head: t("contacts.columns.standing") },
  cell: (row) => (
    <>
      <StandingTag standing={row.standing} />
      {row.reason && <span className="block text-note text-ink-2">{t(`standings.reasons.${row.reason}`)}</span>}
    </>
  ),
});

export const contactSince = (t: Translate): Column<ContactRow> => ({
  ...{ key: "since", head: t("contacts.columns.since") },
  cell: (row) => <TimeText at={row.createdAt} />,
});
