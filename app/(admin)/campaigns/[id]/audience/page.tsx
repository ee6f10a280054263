import type { Metadata } from "next";
import { asRefusal, audienceRows } from "../../../../../lib/campaigns/audience.ts";
import { campaignPage } from "../../../../../lib/campaigns/page.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { Address } from "../../../../_ui/address.tsx";
import { Breadcrumb } from "../../../../_ui/breadcrumb.tsx";
import { DataTable } from "../../../../_ui/data-table.tsx";
import { Empty } from "../../../../_ui/empty.tsx";
import { Link } from "../../../../_ui/link.tsx";
import { PageHead } from "../../../../_ui/page-head.tsx";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ reason?: string; after?: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("campaigns.audience.rowsTitle") };
}

/** The people behind one number of the audience. */
export default async function AudienceRowsPage({ params, searchParams }: Props) {
  const { s, who, t } = await signedIn("campaigns.see");
  const [{ id }, search] = [await params, await searchParams];
  const page = await found(campaignPage(s, { who, campaign: id }));
  const reason = asRefusal(search.reason ?? "") ?? null;
  const after = /^[0-9a-f-]{36}$/.test(search.after ?? "") ? search.after : undefined;
  const { rows, next } = await audienceRows(s, {
    ...{ who, lists: page.draft.lists, real: page.server.real, reason },
    ...(after ? { after } : {}),
  });
  const base = `/campaigns/${id}/audience?reason=${reason ?? "allowed"}`;
  const campaign = `/campaigns/${id}?step=audience`;
  return (
    <>
      <PageHead
        above={
          <Breadcrumb
            of={[
              { href: "/campaigns", label: t("campaigns.title") },
              { href: campaign, label: page.campaign.name },
            ]}
          />
        }
        title={reason ? t(`campaigns.refusals.${reason}`) : t("campaigns.audience.rowsTitle")}
        state={t(reason ? "campaigns.audience.rowsOut" : "campaigns.audience.rowsIn")}
      />
      <DataTable
        caption={t("campaigns.audience.rowsTitle")}
        rows={rows}
        rowKey={(row) => row.contact}
        columns={[
          {
            ...{ key: "address", main: true, head: t("campaigns.rows.address") },
            cell: (row) => (
              <Link look="quiet" href={`/contacts/${row.contact}`}>
                <Address value={row.address} />
              </Link>
            ),
          },
          { key: "name", head: t("campaigns.rows.name"), cell: (row) => row.name ?? "–" },
          {
            ...{ key: "preview", head: t("campaigns.rows.mail") },
            cell: (row) => (
              <Link href={`/campaigns/${id}?step=content&as=${row.contact}`}>{t("campaigns.rows.seeAs")}</Link>
            ),
          },
        ]}
        empty={<Empty>{t("campaigns.rows.none")}</Empty>}
        pages={{ first: after && base, next: next && `${base}&after=${next}` }}
      />
    </>
  );
}
