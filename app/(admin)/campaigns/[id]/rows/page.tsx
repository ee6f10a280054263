import type { Metadata } from "next";
import { campaignPage } from "../../../../../lib/campaigns/page.ts";
import { deliveriesOf } from "../../../../../lib/delivery/rows.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { Address } from "../../../../_ui/address.tsx";
import { DataTable } from "../../../../_ui/data-table.tsx";
import { Empty } from "../../../../_ui/empty.tsx";
import { Link } from "../../../../_ui/link.tsx";
import { PageHead } from "../../../../_ui/page-head.tsx";
import { TimeText } from "../../../../_ui/time-text.tsx";
import { CampaignPath } from "../campaign-path.tsx";
import { reasonWords } from "../reason-words.ts";
import { Reply } from "../reply.tsx";

type Search = { figure?: string; state?: string; reason?: string; after?: string };
type Props = { params: Promise<{ id: string }>; searchParams: Promise<Search> };

/** The states behind each of the three figures. */
const FIGURES = {
  done: ["accepted"],
  toDo: ["pending", "claimed", "sending", "deferred"],
  notSent: ["rejected", "uncertain", "excluded", "cancelled"],
};
const STATES = Object.values(FIGURES).flat();
const PAGE = 50;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("campaigns.rows.title") };
}

/** The people behind one number of a campaign that was started. */
export default async function RowsPage({ params, searchParams }: Props) {
  const { s, who, t } = await signedIn("campaigns.see");
  const [{ id }, search] = [await params, await searchParams];
  const page = await found(campaignPage(s, { who, campaign: id }));
  const figure = (Object.keys(FIGURES) as (keyof typeof FIGURES)[]).find((one) => one === search.figure);
  const state = STATES.find((one) => one === search.state);
  const reason = /^[a-z_]{1,40}$/.test(search.reason ?? "") ? search.reason : undefined;
  const after = /^\d{1,9}$/.test(search.after ?? "") ? Number(search.after) : undefined;
  const states = state ? [state] : figure ? FIGURES[figure] : STATES;
  const rows = await deliveriesOf(s, {
    ...{ who, campaign: id, states, limit: PAGE + 1 },
    ...(reason ? { reason } : {}),
    ...(after === undefined ? {} : { after }),
  });
  const shown = rows.slice(0, PAGE);
  const given = Object.entries({ figure, state, reason }).flatMap(([key, value]) => (value ? [[key, value]] : []));
  const base = `/campaigns/${id}/rows?${new URLSearchParams(given)}`;
  const what = state
    ? t(`campaigns.deliveries.${state}`)
    : t(figure ? `campaigns.live.${figure}` : "campaigns.rows.all");
  return (
    <>
      <PageHead
        above={<CampaignPath t={t} campaign={page.campaign} />}
        title={what}
        {...(reason ? { state: reasonWords(t, reason) } : {})}
        actions={
          shown.length > 0 && (
            <form method="post" action={`/campaigns/${id}/rows/export`}>
              <input type="hidden" name="states" value={states.join(" ")} />
              {reason && <input type="hidden" name="reason" value={reason} />}
              <button type="submit" className="button">
                {t("campaigns.rows.export")}
              </button>
            </form>
          )
        }
      />
      <DataTable
        caption={what}
        rows={shown}
        rowKey={(row) => String(row.position)}
        columns={[
          {
            ...{ key: "address", main: true, head: t("campaigns.rows.address") },
            cell: (row) =>
              row.address ? (
                <Link look="quiet" href={`/contacts/${row.contact}`}>
                  <Address value={row.address} />
                </Link>
              ) : (
                t("campaigns.rows.erased")
              ),
          },
          {
            ...{ key: "state", head: t("campaigns.columns.state") },
            cell: (row) => (
              <>
                {t(`campaigns.deliveries.${row.state}`)}
                {row.reason && <span className="block text-note text-ink-2">{reasonWords(t, row.reason)}</span>}
              </>
            ),
          },
          {
            ...{ key: "reply", head: t("campaigns.rows.reply") },
            cell: (row) => row.reply && <Reply {...{ t }} reply={row.reply} />,
          },
          { key: "at", head: t("campaigns.rows.at"), cell: (row) => <TimeText at={row.at} /> },
        ]}
        empty={<Empty>{t("campaigns.rows.none")}</Empty>}
        pages={{
          first: after === undefined ? undefined : base,
          next: rows.length > PAGE ? `${base}&after=${shown.at(-1)?.position}` : undefined,
        }}
      />
    </>
  );
}
