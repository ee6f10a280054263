import type { Metadata } from "next";
import { type CampaignRow, listCampaigns } from "../../../lib/campaigns/list.ts";
import { CAMPAIGN_STATES } from "../../../lib/campaigns/types.ts";
import { liveView } from "../../../lib/delivery/live-view.ts";
import { sendingPaused } from "../../../lib/delivery/pause-sending.ts";
import { hasRight } from "../../../lib/users/roles.ts";
import { type SignedIn, signedIn } from "../../_server/session.ts";
import { LinkButton } from "../../_ui/button.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Empty } from "../../_ui/empty.tsx";
import { Link } from "../../_ui/link.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { Tabs } from "../../_ui/tabs.tsx";
import { TimeText } from "../../_ui/time-text.tsx";
import { endWords } from "./end-words.ts";
import { PauseAll, SendingPaused } from "./pause-all.tsx";
import { CampaignTag } from "./state-tag.tsx";
import { subjectWords } from "./subject-words.ts";

type Search = { before?: string; state?: string };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("campaigns.title") };
}

/** All campaigns, newest first: state, audience, how far, when it ends. */
export default async function CampaignsPage({ searchParams }: { searchParams: Promise<Search> }) {
  const signed = await signedIn("campaigns.see");
  const { s, who, t } = signed;
  const search = await searchParams;
  const state = CAMPAIGN_STATES.find((one) => one === search.state);
  const before = /^[0-9a-f-]{36}$/.test(search.before ?? "") ? search.before : undefined;
  const { rows, next } = await listCampaigns(s, { who, ...(before ? { before } : {}), ...(state ? { state } : {}) });
  const ends = await Promise.all(rows.map((row) => whenItEnds(signed, row)));
  const writes = hasRight(who, "campaigns.write");
  const stopped = await sendingPaused(s, { who });
  // One main action a screen: an empty one has it in its middle, and nothing to stop.
  const nothing = rows.length === 0 && !state && !before;
  const query = (more: Record<string, string>) =>
    `/campaigns?${new URLSearchParams({ ...(state ? { state } : {}), ...more })}`;
  const create = (
    <LinkButton look="primary" icon="plus" href="/campaigns/new">
      {t("campaigns.create")}
    </LinkButton>
  );
  return (
    <>
      <PageHead
        title={t("campaigns.title")}
        state={t("campaigns.about")}
        actions={
          <>
            <LinkButton icon="calendar" href="/campaigns/calendar">
              {t("campaigns.calendar.open")}
            </LinkButton>
            {writes && !stopped && !nothing && <PauseAll {...signed} />}
            {writes && !nothing && create}
          </>
        }
      />
      <SendingPaused {...{ signed, stopped }} />
      <Tabs
        label={t("campaigns.filter")}
        of={[undefined, "draft", "scheduled", "sending", "paused", "ended"].map((one) => ({
          href: one ? `/campaigns?state=${one}` : "/campaigns",
          label: t(`campaigns.tabs.${one ?? "all"}`),
          current: one === state,
        }))}
      />
      <DataTable
        caption={t("campaigns.title")}
        columns={columns(signed, ends, rows)}
        rows={rows}
        rowKey={(row) => row.id}
        empty={
          <Empty action={writes && !state && create}>{t(state ? "campaigns.noneInState" : "campaigns.empty")}</Empty>
        }
        pages={{ first: before && query({}), next: next && query({ before: next }) }}
      />
    </>
  );
}

function columns({ t, format }: SignedIn, ends: React.ReactNode[], rows: CampaignRow[]): Column<CampaignRow>[] {
  return [
    {
      key: "name",
      main: true,
      head: t("campaigns.columns.name"),
      cell: (row) => (
        <>
          <Link look="quiet" href={`/campaigns/${row.id}`}>
            {row.name}
          </Link>
          <span className="block font-normal text-note text-ink-2">
            {subjectWords(t, row.subject) || t("campaigns.noSubject")}
          </span>
        </>
      ),
    },
    { key: "state", head: t("campaigns.columns.state"), cell: (row) => <CampaignTag state={row.state} t={t} /> },
    { key: "lists", head: t("campaigns.columns.audience"), cell: (row) => row.lists.join(", ") || "–" },
    {
      key: "done",
      numeric: true,
      head: t("campaigns.columns.done"),
      cell: (row) =>
        row.total === 0
          ? "–"
          : t("campaigns.doneOf", { done: format.number(row.done), total: format.number(row.total) }),
    },
    { key: "ends", head: t("campaigns.columns.ends"), cell: (row) => ends[rows.indexOf(row)] },
  ];
}

/** When it ends or ended, starts, or was saved. */
async function whenItEnds(signed: SignedIn, row: CampaignRow) {
  const { s, who, t, format } = signed;
  if (row.state === "sending") {
    const { end } = (await liveView(s, { who, campaign: row.id })).plan.forecast;
    return end ? t("campaigns.endsAbout", { at: endWords(signed, end) }) : t("campaigns.endsUnknown");
  }
  if (row.state === "scheduled" && row.scheduledAt)
    return t("campaigns.startsAt", { at: format.short(row.scheduledAt) });
  if (row.state === "draft") return t("campaigns.savedAt", { at: format.short(row.savedAt) });
  return row.endedAt ? <TimeText at={row.endedAt} /> : "–";
}
