import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { keptVersion } from "../../../../../../lib/campaigns/kept-version.ts";
import { type CampaignPage, campaignPage } from "../../../../../../lib/campaigns/page.ts";
import { hasRight } from "../../../../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../../../../_server/session.ts";
import { ConfirmDialog } from "../../../../../_ui/confirm-dialog.tsx";
import { Fact, Facts } from "../../../../../_ui/facts.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../../../../../_ui/layout.tsx";
import { PageHead } from "../../../../../_ui/page-head.tsx";
import { subjectWords } from "../../../subject-words.ts";
import { CampaignPath } from "../../campaign-path.tsx";
import { KeptWords } from "../kept-words.tsx";
import { versionNumber } from "../version-number.ts";
import { reuse } from "./actions.ts";
import { KeptPreview } from "./kept-preview.tsx";

type Props = { params: Promise<{ id: string; version: string }>; searchParams: Promise<{ view?: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const n = versionNumber((await params).version) ?? 0;
  return { title: (await signedIn()).t("campaigns.versions.number", { n }) };
}

/** One kept version: what it said, how it looks, and back into the draft with it. */
export default async function VersionPage({ params, searchParams }: Props) {
  const signed = await signedIn("campaigns.see");
  const { s, who, t } = signed;
  const { id, version: typed } = await params;
  const version = versionNumber(typed) ?? notFound();
  const { campaign } = await found(campaignPage(s, { who, campaign: id }));
  const { texts, kept, current } = await found(keptVersion(s, { who, campaign: id, version }));
  const editable = campaign.state === "draft" && hasRight(who, "campaigns.write");
  return (
    <>
      <PageHead
        above={
          <CampaignPath
            t={t}
            campaign={campaign}
            more={[{ href: `/campaigns/${id}/versions`, label: t("campaigns.versions.title") }]}
          />
        }
        title={t("campaigns.versions.number", { n: version })}
        state={current ? t("campaigns.versions.current") : t("campaigns.versions.other")}
        actions={editable && !current && <Reuse {...{ t, campaign, version }} />}
      />
      <Columns
        aside={
          <Sheet>
            <Facts>
              <Fact term={t("campaigns.versions.kept")}>
                <KeptWords t={t} kept={kept} />
              </Fact>
              <Fact term={t("campaigns.draft.subject")}>
                {subjectWords(t, texts.subject) || t("campaigns.noSubject")}
              </Fact>
              <Fact term={t("campaigns.draft.preheader")}>{texts.preheader || "–"}</Fact>
              <Fact term={t("campaigns.draft.fromName")}>{texts.fromName || t("campaigns.versions.serversOwn")}</Fact>
            </Facts>
            <SheetPart>
              <Note>{t("campaigns.versions.today")}</Note>
            </SheetPart>
          </Sheet>
        }
      >
        <KeptPreview {...{ t, id, version, view: (await searchParams).view }} />
        <Section title={t("campaigns.draft.mjml")}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <pre tabIndex={0} className="sheet max-h-96 overflow-auto p-4 font-mono text-note whitespace-pre">
            {texts.mjml}
          </pre>
        </Section>
      </Columns>
    </>
  );
}

type ReuseProps = { t: SignedIn["t"]; campaign: CampaignPage["campaign"]; version: number };

function Reuse({ t, campaign, version }: ReuseProps) {
  return (
    <ConfirmDialog
      open={t("campaigns.versions.reuse")}
      openLook="primary"
      title={t("campaigns.versions.reuseAsk", { n: version })}
      action={reuse}
      values={{ campaign: campaign.id, version: String(version), from: String(campaign.version) }}
      confirm={t("campaigns.versions.reuseConfirm", { n: version })}
      confirmLook="primary"
    >
      <p>{t("campaigns.versions.reuseMeans")}</p>
    </ConfirmDialog>
  );
}
