import type { Metadata } from "next";
import { keptVersions, VERSIONS_A_PAGE } from "../../../../../lib/campaigns/kept-versions.ts";
import { campaignPage } from "../../../../../lib/campaigns/page.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { DataTable } from "../../../../_ui/data-table.tsx";
import { Empty } from "../../../../_ui/empty.tsx";
import { Link } from "../../../../_ui/link.tsx";
import { PageHead } from "../../../../_ui/page-head.tsx";
import { subjectWords } from "../../subject-words.ts";
import { CampaignPath } from "../campaign-path.tsx";
import { KeptWords } from "./kept-words.tsx";
import { versionNumber } from "./version-number.ts";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ before?: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("campaigns.versions.title") };
}

/** What the campaign said each time somebody sent a test or started it. */
export default async function VersionsPage({ params, searchParams }: Props) {
  const { s, who, t } = await signedIn("campaigns.see");
  const [{ id }, search] = [await params, await searchParams];
  const { campaign } = await found(campaignPage(s, { who, campaign: id }));
  const before = versionNumber(search.before);
  const rows = await keptVersions(s, { who, campaign: id, ...(before ? { before } : {}) });
  const shown = rows.slice(0, VERSIONS_A_PAGE);
  const base = `/campaigns/${id}/versions`;
  return (
    <>
      <PageHead
        above={<CampaignPath t={t} campaign={campaign} />}
        title={t("campaigns.versions.title")}
        state={t("campaigns.versions.about")}
      />
      <DataTable
        caption={t("campaigns.versions.title")}
        rows={shown}
        rowKey={(row) => String(row.version)}
        columns={[
          {
            ...{ key: "version", main: true, head: t("campaigns.versions.version") },
            cell: (row) => (
              <Link look="quiet" href={`${base}/${row.version}`}>
                {t("campaigns.versions.number", { n: row.version })}
              </Link>
            ),
          },
          {
            ...{ key: "subject", head: t("campaigns.draft.subject") },
            cell: (row) => subjectWords(t, row.subject) || t("campaigns.noSubject"),
          },
          { key: "kept", head: t("campaigns.versions.kept"), cell: (row) => <KeptWords t={t} kept={row.kept} /> },
        ]}
        empty={<Empty>{t("campaigns.versions.none")}</Empty>}
        pages={{
          first: before ? base : undefined,
          next: rows.length > VERSIONS_A_PAGE ? `${base}?before=${shown.at(-1)?.version}` : undefined,
        }}
      />
    </>
  );
}
