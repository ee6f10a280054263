import { getTranslations } from "next-intl/server";
import type { NoticeVersion } from "../../lib/notices/types.ts";
import { type Column, DataTable } from "./data-table.tsx";
import { Empty } from "./empty.tsx";
import { Link } from "./link.tsx";
import { StatusTag } from "./status-tag.tsx";
import { TimeText } from "./time-text.tsx";

type Row = NoticeVersion & { publisher: string | null };

/** Versions of texts, newest first; each opens with what changed since the one before. */
export async function VersionTable(o: {
  versions: readonly Row[];
  empty: string;
  caption: string;
  languages?: boolean;
}) {
  const t = await getTranslations("notices");
  const inForce = new Set<string>();
  const newest = new Set<string>();
  for (const row of o.versions) {
    const text = [row.kind, row.list, row.purpose, row.locale, row.tone].join();
    if (row.publishedAt && !inForce.has(text)) newest.add(row.id);
    if (row.publishedAt) inForce.add(text);
  }
  const state = (row: Row) =>
    !row.publishedAt
      ? { tone: "warn" as const, word: "draft" }
      : newest.has(row.id)
        ? { tone: "ok" as const, word: "inForce" }
        : { tone: "still" as const, word: "superseded" };
  const columns: Column<Row>[] = [
    {
      key: "text",
      main: true,
      head: t("columns.text"),
      cell: (row) => (
        <>
          <Link look="quiet" href={`/notices/${row.id}`}>
            {t(`kinds.${row.kind}`)}, {t("version", { n: row.version })}
          </Link>
          {o.languages && (
            <span className="block font-normal text-note text-ink-2">{t(`languages.${row.locale}_${row.tone}`)}</span>
          )}
        </>
      ),
    },
    {
      key: "state",
      head: t("columns.state"),
      cell: (row) => <StatusTag tone={state(row).tone}>{t(`states.${state(row).word}`)}</StatusTag>,
    },
    { key: "at", head: t("columns.at"), cell: (row) => (row.publishedAt ? <TimeText at={row.publishedAt} /> : "–") },
    { key: "by", head: t("columns.by"), cell: (row) => row.publisher ?? "–" },
    { key: "hash", head: "SHA-256", cell: (row) => <Hash value={row.sha256} /> },
  ];
  return (
    <DataTable
      caption={o.caption}
      columns={columns}
      rows={o.versions}
      rowKey={(row) => row.id}
      empty={<Empty>{o.empty}</Empty>}
    />
  );
}

/** Enough of a hash to tell two apart; all of it in the title. */
function Hash({ value }: { value: string }) {
  return (
    <code className="font-mono text-note" title={value}>
      {value.slice(0, 12)}…
    </code>
  );
}
