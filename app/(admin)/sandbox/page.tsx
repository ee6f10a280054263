import type { Metadata } from "next";
import { listSandbox, type SandboxRow } from "../../../lib/delivery/sandbox-inbox.ts";
import { type SignedIn, signedIn } from "../../_server/session.ts";
import { Address } from "../../_ui/address.tsx";
import { LinkButton } from "../../_ui/button.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Empty } from "../../_ui/empty.tsx";
import { Icon } from "../../_ui/icon.tsx";
import { Link } from "../../_ui/link.tsx";
import { LiveRegion } from "../../_ui/live-region.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { TimeText } from "../../_ui/time-text.tsx";

const PAGE = 50;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("sandbox.title") };
}

/** What the sandbox took instead of sending it, newest first. */
export default async function SandboxPage({ searchParams }: { searchParams: Promise<{ before?: string }> }) {
  const signed = await signedIn("campaigns.see");
  const { s, who, t } = signed;
  const { before } = await searchParams;
  const rows = await listSandbox(s, { who, limit: PAGE + 1, ...(before ? { before } : {}) });
  const shown = rows.slice(0, PAGE);
  return (
    <LiveRegion every={4} on={!before}>
      <PageHead title={t("sandbox.title")} state={t("sandbox.about")} />
      <DataTable
        caption={t("sandbox.title")}
        rows={shown}
        rowKey={(row) => row.id}
        columns={columns(signed)}
        empty={
          <Empty action={<LinkButton href="/try">{t("overview.what.try_form")}</LinkButton>}>
            {t("sandbox.empty")}
          </Empty>
        }
        pages={{
          first: before && "/sandbox",
          next: rows.length > PAGE ? `/sandbox?before=${shown.at(-1)?.id}` : undefined,
        }}
      />
    </LiveRegion>
  );
}

function columns({ t }: SignedIn): Column<SandboxRow>[] {
  return [
    {
      ...{ key: "subject", main: true, head: t("sandbox.columns.subject") },
      cell: (row) =>
        row.open ? (
          <Link look="quiet" href={`/sandbox/${row.id}`}>
            {row.subject || t("campaigns.noSubject")}
          </Link>
        ) : (
          <span className="inline-flex items-center gap-1.5 font-normal text-ink-2">
            <Icon name="eye-off" size={16} />
            {t(row.staff ? "sandbox.staffMail" : "sandbox.masked")}
          </span>
        ),
    },
    { key: "to", head: t("sandbox.columns.to"), cell: (row) => (row.to ? <Address value={row.to} /> : "–") },
    { key: "from", head: t("sandbox.columns.from"), cell: (row) => (row.from ? <Address value={row.from} /> : "–") },
    { key: "at", head: t("sandbox.columns.at"), cell: (row) => <TimeText at={row.at} /> },
  ];
}
