import { audience } from "../../../../lib/campaigns/audience.ts";
import type { CampaignPage } from "../../../../lib/campaigns/page.ts";
import { draftPlan } from "../../../../lib/campaigns/plan.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Checkbox, FieldGroup } from "../../../_ui/choices.tsx";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Figure } from "../../../_ui/figure.tsx";
import { KeySentence, RICH } from "../../../_ui/key-sentence.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { saveLists } from "./actions.ts";
import { AudienceForm } from "./audience-form.tsx";
import { draftSentence } from "./plan-words.ts";
import { SendForecast } from "./send-forecast.tsx";

/** Who receives it: the lists, and the gate's answer for everybody on them. */
export async function StepAudience({ signed, page }: { signed: SignedIn; page: CampaignPage }) {
  const { s, who, t } = signed;
  const { campaign, draft, lists, server } = page;
  const counted = await audience(s, { who, lists: draft.lists, real: server.real });
  const refused = counted.refused.reduce((sum, { n }) => sum + n, 0);
  const rows = (reason: string) => `/campaigns/${campaign.id}/audience?reason=${reason}`;
  const starts = draft.startsAt ? new Date(draft.startsAt) : null;
  // Where the size of the audience is decided, the day on which it ends is said.
  const plan = counted.receive > 0 && (await draftPlan(s, { who, campaign: campaign.id, remaining: counted.receive }));
  const choices = lists.map((list) => (
    <Checkbox key={list.id} grouped name="lists[]" value={list.id} defaultChecked={list.chosen}>
      {list.name}
    </Checkbox>
  ));
  return (
    <Columns
      aside={
        <Section title={t("campaigns.audience.notThese")}>
          <Sheet>
            {counted.refused.length === 0 ? (
              <SheetPart>{t("campaigns.audience.nobodyRefused")}</SheetPart>
            ) : (
              <Facts>
                {counted.refused.map(({ reason, n }) => (
                  <Fact key={reason} term={t(`campaigns.refusals.${reason}`)}>
                    <Figure value={n} href={rows(reason)} label={t(`campaigns.refusals.${reason}`)} />
                  </Fact>
                ))}
              </Facts>
            )}
          </Sheet>
        </Section>
      }
    >
      <Sheet>
        <SheetPart>
          {/* The sentence of the forecast begins with who receives it: said alone where somebody does not, or nobody does. */}
          {(!plan || refused > 0) && (
            <KeySentence>
              {draft.lists.length === 0
                ? t("campaigns.audience.chooseLists")
                : t.rich("campaigns.audience.sum", { n: counted.receive, refused, ...RICH })}
            </KeySentence>
          )}
          {counted.about && <Note>{t("campaigns.audience.estimated")}</Note>}
          {plan && (
            <SendForecast
              {...{ signed, plan, campaign: campaign.id }}
              sentence={draftSentence(signed, { receive: counted.receive, plan, starts })}
            />
          )}
          {counted.receive > 0 && (
            <p className="text-table">
              <Figure value={counted.receive} href={rows("allowed")} /> {t("campaigns.audience.whoReceives")}
            </p>
          )}
          {!server.real && <Note>{t("campaigns.audience.sandbox")}</Note>}
        </SheetPart>
        <SheetPart>
          {hasRight(who, "campaigns.write") ? (
            <AudienceForm
              action={saveLists}
              {...{ campaign: campaign.id, version: campaign.version, before: draft.lists.join() }}
              save={t("campaigns.audience.save")}
            >
              <FieldGroup name="lists" label={t("campaigns.audience.lists")} help={t("campaigns.audience.listsHelp")}>
                {choices.length > 0 ? choices : <p>{t("campaigns.audience.noLists")}</p>}
              </FieldGroup>
            </AudienceForm>
          ) : (
            <p>
              {lists
                .filter((list) => list.chosen)
                .map((list) => list.name)
                .join(", ")}
            </p>
          )}
        </SheetPart>
      </Sheet>
    </Columns>
  );
}
