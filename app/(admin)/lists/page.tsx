import type { Metadata } from "next";
import { type ListLine, listOverview } from "../../../lib/consent/list-overview.ts";
import { hasRight } from "../../../lib/users/roles.ts";
import { type SignedIn, signedIn } from "../../_server/session.ts";
import { LinkButton } from "../../_ui/button.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Empty } from "../../_ui/empty.tsx";
import { Link } from "../../_ui/link.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { StatusTag } from "../../_ui/status-tag.tsx";
import { TimeText } from "../../_ui/time-text.tsx";
import { FigureOf } from "./figure-of.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("lists.title") };
}

/** Every list with its promise, its people and its last mailing. */
export default async function ListsPage() {
  const signed = await signedIn("lists.see");
  const { s, who, t } = signed;
  const rows = await listOverview(s, { who });
  const create = hasRight(who, "lists.write") && (
    <LinkButton look="primary" icon="plus" href="/lists/new">
      {t("lists.create")}
    </LinkButton>
  );
  return (
    <>
      <PageHead title={t("lists.title")} state={t("lists.about")} actions={rows.length > 0 && create} />
      <DataTable
        caption={t("lists.title")}
        columns={columns(signed)}
        rows={rows}
        rowKey={(row) => row.id}
        empty={<Empty action={create}>{t("lists.empty")}</Empty>}
      />
    </>
  );
}

function columns({ t }: SignedIn): Column<ListLine>[] {
  const figure = (key: "active" | "pending" | "left"): Column<ListLine> => ({
    key,
    numeric: true,
    head: t(`lists.columns.${key}`),
    cell: (row) => (
      <FigureOf
        t={t}
        value={row.figures[key]}
        about={row.figures.about && key !== "pending"}
        href={`/lists/${row.id}?standing=${key}`}
        label={t(`lists.columns.${key}`)}
      />
    ),
  });
  return [
    { key: "name", main: true, head: t("lists.columns.name"), cell: (row) => <Name row={row} t={t} /> },
    { key: "purpose", head: t("lists.columns.purpose"), cell: (row) => t(`lists.purposes.${row.purpose}`) },
    { key: "frequency", head: t("lists.columns.frequency"), cell: (row) => row.frequency },
    figure("active"),
    figure("pending"),
    figure("left"),
    {
      key: "last",
      head: t("lists.columns.last"),
      cell: ({ lastMail }) =>
        lastMail ? (
          <Link href={`/campaigns/${lastMail.campaign}`} look="quiet">
            <TimeText at={lastMail.at} /> <span className="sr-only">{lastMail.name}</span>
          </Link>
        ) : (
          t("lists.noMail")
        ),
    },
  ];
}

/** The list, and what still keeps people from signing up. */
function Name({ row, t }: { row: ListLine; t: SignedIn["t"] }) {
  return (
    <>
      <Link look="quiet" href={`/lists/${row.id}`}>
        {row.name}
      </Link>{" "}
      {row.archivedAt ? (
        <StatusTag tone="still">{t("lists.archived")}</StatusTag>
      ) : (
        (!row.words || row.forms === 0) && (
          <StatusTag tone="warn">{t(row.words ? "lists.noForm" : "lists.noWords")}</StatusTag>
        )
      )}
      <span className="block font-normal text-note text-ink-2">{row.topics}</span>
    </>
  );
}
