import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import { Link } from "./link.tsx";

export type Column<Row> = {
  key: string;
  head: string;
  cell(row: Row): ReactNode;
  /** Right-aligned. */
  numeric?: boolean;
  /** Names the row: it is its heading, and on a phone its first line. One column has it. */
  main?: boolean;
  /** Where a press on the head leads, and how the rows are sorted by it now. */
  sort?: { href: string; now?: "ascending" | "descending" };
};

type Props<Row> = {
  /** What the table holds, for screen readers. */
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string;
  /** Empty: shown instead of the table. */
  empty?: ReactNode;
  /** Keyset pages: addresses of the first, the previous and the next one; `about` says what is shown ("50 di 2.964"). */
  pages?: { first?: string | undefined; previous?: string | undefined; next?: string | undefined; about?: ReactNode };
};

/** Roles in words: laid out as blocks on a phone, some browsers would no longer take it for a table. */
const [TABLE, ROW, CELL, HEAD, ROW_HEAD] = ["table", "row", "cell", "columnheader", "rowheader"].map((role) => ({
  role,
}));

/** Rows that the database has sorted and cut to a page. On a phone each row is a paper of its own. */
export async function DataTable<Row>({ caption, columns, rows, rowKey, empty, pages }: Props<Row>) {
  if (rows.length === 0 && empty) return <div className="sheet">{empty}</div>;
  const lines = rows.map((row) => (
    <tr key={rowKey(row)} {...ROW} className="border-t border-rule first:border-t-0 sm:hover:bg-paper">
      {columns.map((column) => (
        <Cell key={column.key} column={column} row={row} />
      ))}
    </tr>
  ));
  return (
    <>
      <div className="sheet overflow-x-auto">
        <table {...TABLE} className="stacked-table w-full text-left text-table">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr {...ROW} className="border-b border-rule">
              {columns.map((column) => (
                <Head key={column.key} column={column} />
              ))}
            </tr>
          </thead>
          <tbody>{lines}</tbody>
        </table>
      </div>
      {pages && <Pages {...pages} caption={caption} />}
    </>
  );
}

/** Margins of a table alone: on a phone a row has its own. */
const PLACE = "py-(--row) align-top sm:px-3 sm:first:pl-5 sm:last:pr-5";

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  if (column.main) {
    return (
      <th scope="row" {...ROW_HEAD} className={`${PLACE} font-normal [overflow-wrap:anywhere] [&_a]:font-semibold`}>
        {column.cell(row)}
      </th>
    );
  }
  return (
    <td
      {...CELL}
      data-label={column.head}
      className={`${PLACE} ${column.numeric ? "sm:text-right sm:whitespace-nowrap" : ""}`}
    >
      <div className="min-w-0 [overflow-wrap:anywhere]">{column.cell(row)}</div>
    </td>
  );
}

function Head<Row>({ column: { head, numeric, sort } }: { column: Column<Row> }) {
  const icon = sort?.now === "ascending" ? "arrow-up" : sort?.now === "descending" ? "arrow-down" : "selector";
  return (
    <th
      scope="col"
      {...HEAD}
      aria-sort={sort?.now}
      className={`${PLACE} text-note text-ink-2 ${numeric ? "sm:text-right" : ""}`}
    >
      {sort ? (
        <Link href={sort.href} look="plain" className="inline-flex items-center gap-1 hover:text-ink">
          {head}
          <Icon name={icon} size={14} />
        </Link>
      ) : (
        head
      )}
    </th>
  );
}

async function Pages({
  first,
  previous,
  next,
  about,
  caption,
}: NonNullable<Props<unknown>["pages"]> & { caption: string }) {
  const t = await getTranslations("ui");
  return (
    <nav
      aria-label={t("pagesOf", { what: caption })}
      className="mt-2.5 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-table"
    >
      <span className="text-ink-2">{about}</span>
      <span className="flex flex-wrap gap-x-5 gap-y-1">
        {first && <Link href={first}>{t("firstPage")}</Link>}
        {previous && <Link href={previous}>{t("previousPage")}</Link>}
        {next && <Link href={next}>{t("nextPage")}</Link>}
      </span>
    </nav>
  );
}
