import { audience } from "../../../../lib/campaigns/audience.ts";
import { type CampaignPage, checks } from "../../../../lib/campaigns/page.ts";
import { compilePreview } from "../../../../lib/campaigns/preview.ts";
import type { Forecast } from "../../../../lib/delivery/forecast.ts";
import { forecastFor } from "../../../../lib/delivery/live-view.ts";
import { findServer } from "../../../../lib/servers/find.ts";
import type { ServerView } from "../../../../lib/servers/types.ts";
import { zoneCity } from "../../../../lib/text/zones.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { DateTimeField } from "../../../_ui/date-time-field.tsx";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { KeySentence, RICH } from "../../../_ui/key-sentence.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { ForecastDays } from "./forecast-days.tsx";
import { schedule, sendNow } from "./send-actions.ts";
import { CheckList } from "./step-checks.tsx";

/** What a press would do: to how many, through which server, until when. Then the press. */
export async function StepSend({ signed, page }: { signed: SignedIn; page: CampaignPage }) {
  const { s, who, t } = signed;
  const { campaign, draft, server } = page;
  const { receive } = await audience(s, { who, lists: draft.lists, real: server.real });
  const forecast = await forecastFor(s, { who, server: server.id, remaining: receive });
  const carrier = await findServer(s, { who, server: server.id });
  const { subject } = await compilePreview(s, { who, campaign: campaign.id });
  const open = (await checks(s, { who, campaign: campaign.id })).filter((one) => one.level !== "ok");
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
          {hasRight(who, "campaigns.write") && <SendForms {...{ signed, page, receive }} />}
        </>
      }
    >
      <Sheet>
        <SheetPart>
          <KeySentence>{sentence(signed, { receive, forecast, carrier })}</KeySentence>
          <ForecastDays signed={signed} forecast={forecast} />
          {!server.real && <Note>{t("campaigns.send.sandbox")}</Note>}
        </SheetPart>
        <SendFacts {...{ signed, page, carrier, subject }} />
      </Sheet>
    </Columns>
  );
}

function sentence({ t, format }: SignedIn, o: { receive: number; forecast: Forecast; carrier: ServerView }) {
  const { receive, forecast, carrier } = o;
  if (receive === 0) return t("campaigns.send.nobody");
  if (!forecast.end) return t("campaigns.send.noEnd");
  const end = { day: format.day(forecast.end), time: format.time(forecast.end) };
  const days = forecast.days.length;
  if (days > 1 && carrier.perDay)
    return t.rich("campaigns.send.manyDays", { n: receive, perDay: carrier.perDay, days, ...end, ...RICH });
  return t.rich(days > 1 ? "campaigns.send.twoDays" : "campaigns.send.oneDay", { n: receive, ...end, ...RICH });
}

function SendFacts({
  signed: { t, format },
  page,
  carrier,
  subject,
}: {
  signed: SignedIn;
  page: CampaignPage;
  carrier: ServerView;
  /** As the invented person would read it. */
  subject: string;
}) {
  const { perDay, perHour, reserve } = carrier;
  const rates = [
    perDay && t("campaigns.send.perDay", { n: perDay }),
    perHour && t("campaigns.send.perHour", { n: perHour }),
  ];
  const name = carrier.kind === "sandbox" ? t("campaigns.sandboxName") : carrier.name;
  return (
    <Facts>
      <Fact term={t("campaigns.send.server")}>
        <Link href="/servers">{name}</Link>
      </Fact>
      <Fact term={t("campaigns.send.rate")}>
        {rates.filter(Boolean).join(", ") || t("campaigns.send.noLimit")}
        {reserve > 0 && ` (${t("campaigns.send.reserve", { n: format.number(reserve) })})`}
      </Fact>
      <Fact term={t("campaigns.send.lists")}>
        {page.lists
          .filter((list) => list.chosen)
          .map((list) => list.name)
          .join(", ") || "–"}
      </Fact>
      <Fact term={t("campaigns.send.subject")}>{subject || "–"}</Fact>
    </Facts>
  );
}

function SendForms({
  signed: { t, locale },
  page,
  receive,
}: {
  signed: SignedIn;
  page: CampaignPage;
  receive: number;
}) {
  const { campaign, zone } = page;
  const ids = (
    <>
      <input type="hidden" name="campaign" value={campaign.id} />
      <input type="hidden" name="version" value={campaign.version} />
    </>
  );
  return (
    <Section title={t("campaigns.send.title")}>
      <Sheet>
        <SheetPart>
          <ActionForm action={sendNow} id="send" className="space-y-3" label={t("campaigns.send.nowTitle")}>
            {ids}
            <SubmitButton className="w-full">{t("campaigns.send.now", { n: receive })}</SubmitButton>
            <Note>{t("campaigns.send.promise")}</Note>
          </ActionForm>
        </SheetPart>
        <SheetPart>
          <ActionForm action={schedule} id="schedule" className="space-y-3" label={t("campaigns.send.laterTitle")}>
            {ids}
            <DateTimeField name="at" label={t("campaigns.send.at")} zone={zoneCity(zone, locale)} />
            <SubmitButton look="plain" className="w-full">
              {t("campaigns.send.schedule", { n: receive })}
            </SubmitButton>
          </ActionForm>
        </SheetPart>
      </Sheet>
    </Section>
  );
}
