import { audience } from "../../../../lib/campaigns/audience.ts";
import { type CampaignPage, checks } from "../../../../lib/campaigns/page.ts";
import { draftPlan, type Plan } from "../../../../lib/campaigns/plan.ts";
import { compilePreview } from "../../../../lib/campaigns/preview.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Checkbox } from "../../../_ui/choices.tsx";
import { Fact } from "../../../_ui/facts.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { saveSendingForm } from "./actions.ts";
import { ApprovalSection } from "./approval-section.tsx";
import { draftSentence, rateWords } from "./plan-words.ts";
import { RoutesSection } from "./routes-section.tsx";
import { start } from "./send-actions.ts";
import { SendFacts } from "./send-facts.tsx";
import { SendForecast } from "./send-forecast.tsx";
import { SendingForm } from "./sending-form.tsx";
import { CheckList } from "./step-checks.tsx";

/** What a press would do: to how many, through which server, until when. Then the press. */
export async function StepSend({ signed, page }: { signed: SignedIn; page: CampaignPage }) {
  const { s, who, t } = signed;
  const { campaign, draft, server } = page;
  const { receive, about } = await audience(s, { who, lists: draft.lists, real: server.real });
  const plan = await draftPlan(s, { who, campaign: campaign.id, remaining: receive });
  const { subject } = await compilePreview(s, { who, campaign: campaign.id });
  const open = (await checks(s, { who, campaign: campaign.id })).filter((one) => one.level !== "ok");
  const writes = hasRight(who, "campaigns.write");
  const starts = draft.startsAt ? new Date(draft.startsAt) : null;
  return (
    <Columns
      aside={
        <>
          <Section title={t("campaigns.steps.checks")}>
            <Sheet>
              {open.length === 0 ? (
                <SheetPart>{t("campaigns.allGood")}</SheetPart>
              ) : (
                <CheckList {...{ signed, page, all: open }} />
              )}
            </Sheet>
          </Section>
          {writes && <StartForm {...{ signed, page, receive, plan }} />}
        </>
      }
    >
      <Sheet>
        <SheetPart>
          <SendForecast
            {...{ signed, plan, campaign: campaign.id }}
            sentence={draftSentence(signed, { receive, plan, starts })}
          />
          {about && <Note>{t("campaigns.audience.estimated")}</Note>}
          {!server.real && <Note>{t("campaigns.send.sandbox")}</Note>}
        </SheetPart>
        <SendFacts {...{ signed, plan, draft }}>
          <Fact term={t("campaigns.send.lists")}>
            {page.lists
              .filter((list) => list.chosen)
              .map((list) => list.name)
              .join(", ") || "–"}
          </Fact>
          <Fact term={t("campaigns.send.subject")}>{subject || "–"}</Fact>
        </SendFacts>
      </Sheet>
      <ApprovalSection {...{ signed, page }} />
      {writes && <RoutesSection {...{ signed, page }} />}
      {writes && (
        <SendingForm
          {...{ signed, page }}
          action={saveSendingForm}
          rate={plan.servers.map((one) => rateWords(signed, one)).join(" · ")}
        />
      )}
    </Columns>
  );
}

type StartProps = { signed: SignedIn; page: CampaignPage; receive: number; plan: Plan };

/** The press. What would leave after a server's service has expired leaves only when asked for. */
function StartForm({ signed: { t }, page: { campaign, draft }, receive, plan }: StartProps) {
  const expired = plan.forecast.conflicts.reduce((sum, one) => sum + (one.kind === "expiry" ? one.n : 0), 0);
  return (
    <Section title={t("campaigns.send.title")}>
      <Sheet>
        <SheetPart>
          <ActionForm action={start} id="send" className="space-y-3" label={t("campaigns.send.title")}>
            <input type="hidden" name="campaign" value={campaign.id} />
            <input type="hidden" name="version" value={campaign.version} />
            {expired > 0 && <Checkbox name="pastExpiry">{t("campaigns.send.pastExpiry", { n: expired })}</Checkbox>}
            <SubmitButton className="w-full">
              {t(draft.startsAt ? "campaigns.send.schedule" : "campaigns.send.now", { n: receive })}
            </SubmitButton>
            <Note>{t("campaigns.send.promise")}</Note>
          </ActionForm>
        </SheetPart>
      </Sheet>
    </Section>
  );
}
