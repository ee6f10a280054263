import type { ReactNode } from "react";
import type { RequestRow } from "../../../../lib/consent/open-requests.ts";
import type { ContactRow } from "../../../../lib/contacts/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Address } from "../../../_ui/address.tsx";
import { contactAddress, contactSince, contactStanding } from "../../../_ui/contact-columns.tsx";
import { type Column, DataTable } from "../../../_ui/data-table.tsx";
import { Empty } from "../../../_ui/empty.tsx";
import { TimeText } from "../../../_ui/time-text.tsx";

type Pages = { first?: string | undefined; next?: string | undefined };

/** Contacts of a list, each with her standing on it. */
export function PeopleTable(o: { signed: SignedIn; rows: ContactRow[]; pages: Pages; empty: ReactNode }) {
  const { t } = o.signed;
  const columns = [contactAddress(t), contactStanding(t), contactSince(t)];
  return (
    <DataTable
      {...{ columns, rows: o.rows, pages: o.pages, empty: o.empty }}
      caption={t("lists.views.people")}
      rowKey={(row) => row.id}
    />
  );
}

/** Requests that wait for a confirmation: no contacts yet, so nothing to open. */
export function RequestsTable({ signed: { t }, rows, pages }: { signed: SignedIn; rows: RequestRow[]; pages: Pages }) {
  const columns: Column<RequestRow>[] = [
    { key: "address", main: true, head: t("contacts.columns.address"), cell: (row) => <Address value={row.address} /> },
    { key: "form", head: t("lists.requests.form"), cell: (row) => row.form },
    { key: "at", head: t("lists.requests.at"), cell: (row) => <TimeText at={row.at} /> },
    { key: "expires", head: t("lists.requests.expires"), cell: (row) => <TimeText at={row.expiresAt} /> },
  ];
  return (
    <DataTable
      {...{ columns, rows, pages }}
      caption={t("lists.filters.pending")}
      rowKey={(row) => row.id}
      empty={<Empty>{t("lists.requests.none")}</Empty>}
    />
  );
}
