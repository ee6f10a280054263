import type { Metadata } from "next";
import { campaignPage } from "../../../../../lib/campaigns/page.ts";
import { progress } from "../../../../../lib/delivery/progress.ts";
import { HOPELESS } from "../../../../../lib/delivery/retry-failed.ts";
import { deliveriesOf } from "../../../../../lib/delivery/rows.ts";
import { hasRight } from "../../../../../lib/users/roles.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { Empty } from "../../../../_ui/empty.tsx";
import { Note, Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { Link } from "../../../../_ui/link.tsx";
import { PageHead } from "../../../../_ui/page-head.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { CampaignPath } from "../campaign-path.tsx";
import { reasonWords } from "../reason-words.ts";
import { retryRefused, settle } from "./actions.ts";
import { LogField } from "./log-field.tsx";
import { Undecided } from "./undecided.tsx";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ after?: string }> };

const PAGE = 50;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("campaigns.recovery.title") };
}

/** What the machine leaves to a person: messages whose fate nobody knows, and what the server refused. */
export default async function RecoveryPage({ params, searchParams }: Props) {
  const signed = await signedIn("campaigns.see");
  const { s, who, t } = signed;
  const [{ id }, search] = [await params, await searchParams];
  const { campaign } = await found(campaignPage(s, { who, campaign: id }));
  const after = /^\d{1,9}$/.test(search.after ?? "") ? Number(search.after) : -1;
  const figures = await progress(s.db, { campaign: id });
  const rows = await deliveriesOf(s, { who, campaign: id, states: ["uncertain"], after, limit: PAGE + 1 });
  const uncertain = figures.states.find((one) => one.state === "uncertain")?.n ?? 0;
  const refused = figures.reasons.filter((one) => one.state === "rejected");
  const again = refused.filter((one) => !HOPELESS.includes(one.reason)).reduce((sum, one) => sum + one.n, 0);
  const writes = hasRight(who, "campaigns.write");
  const hidden = <input type="hidden" name="campaign" value={id} />;
  return (
    <>
      <PageHead
        above={<CampaignPath t={t} campaign={campaign} />}
        title={t("campaigns.recovery.title")}
        state={t("campaigns.recovery.state", { uncertain, refused: refused.reduce((sum, one) => sum + one.n, 0) })}
      />
      <Section title={t("campaigns.recovery.uncertain", { n: uncertain })}>
        {uncertain === 0 ? (
          <Sheet>
            <Empty>{t("campaigns.recovery.none")}</Empty>
          </Sheet>
        ) : (
          <Undecided {...{ signed, id, writes, uncertain }} rows={rows.slice(0, PAGE)} more={rows.length > PAGE} />
        )}
      </Section>
      {uncertain > 0 && writes && (
        <Section title={t("campaigns.recovery.log")}>
          <Sheet>
            <SheetPart>
              <p className="max-w-text">{t("campaigns.recovery.logAbout")}</p>
              <ActionForm action={settle} id="settle">
                {hidden}
                <LogField
                  words={{
                    label: t("campaigns.recovery.logLines"),
                    help: t("campaigns.recovery.logHelp"),
                    file: t("campaigns.recovery.logFile"),
                  }}
                />
                <SubmitButton>{t("campaigns.recovery.settle")}</SubmitButton>
              </ActionForm>
            </SheetPart>
          </Sheet>
        </Section>
      )}
      <Section title={t("campaigns.recovery.refused")}>
        <Sheet>
          {refused.length === 0 && <Empty>{t("campaigns.recovery.noneRefused")}</Empty>}
          {refused.map(({ reason, n }) => (
            <SheetPart key={reason}>
              <Link href={`/campaigns/${id}/rows?state=rejected&reason=${reason}`}>
                {t("campaigns.recovery.people", { n })}
              </Link>{" "}
              · {reasonWords(t, reason)}
            </SheetPart>
          ))}
          {again > 0 && writes && (
            <SheetPart>
              <Note>{t("campaigns.recovery.retryAbout")}</Note>
              <ActionForm action={retryRefused} id="retry">
                {hidden}
                <SubmitButton look="plain">{t("campaigns.recovery.retry", { n: again })}</SubmitButton>
              </ActionForm>
            </SheetPart>
          )}
        </Sheet>
      </Section>
    </>
  );
}
