import { doneDays } from "../../../../lib/campaigns/done-days.ts";
import type { CampaignPage } from "../../../../lib/campaigns/page.ts";
import { type LiveView, liveView } from "../../../../lib/delivery/live-view.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { LinkButton } from "../../../_ui/button.tsx";
import { RICH } from "../../../_ui/key-sentence.tsx";
import { Columns, Note, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { LiveRegion } from "../../../_ui/live-region.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { endWords } from "../end-words.ts";
import { DuplicateButton } from "./duplicate-button.tsx";
import { FigureSums } from "./figure-sums.tsx";
import { LiveActions } from "./live-actions.tsx";
import { LiveQuota, LiveReplies, LiveStates } from "./live-parts.tsx";
import { rateWords } from "./plan-words.ts";
import { RoutesSection } from "./routes-section.tsx";
import { changeSendingForm } from "./send-actions.ts";
import { SendForecast } from "./send-forecast.tsx";
import { SendingForm } from "./sending-form.tsx";
import { Uncertain } from "./uncertain.tsx";

/** A campaign that was started, as it stands now: how far, when it ends, what became of whom. Refreshes itself while something may change. */
export async function Live({ signed, page }: { signed: SignedIn; page: CampaignPage }) {
  const { s, who, t, format } = signed;
  const { campaign, zone } = page;
  const live = await liveView(s, { who, campaign: campaign.id });
  const { progress, plan } = live;
  const moving = ["scheduled", "sending", "paused"].includes(campaign.state);
  const writes = hasRight(who, "campaigns.write");
  const lists = page.lists.filter((list) => list.chosen).map((list) => list.name);
  const from = campaign.scheduledAt ?? campaign.launchedAt;
  return (
    <LiveRegion on={moving} says={t("campaigns.live.says", { done: progress.done, total: progress.size })}>
      <PageHead
        above={<Breadcrumb of={[{ href: "/campaigns", label: t("campaigns.title") }]} />}
        title={campaign.name}
        state={[t(`campaigns.states.${campaign.state}`), from && format.instant(from), lists.join(", ")]
          .filter(Boolean)
          .join(" · ")}
        actions={
          <>
            {campaign.state !== "scheduled" && (
              <LinkButton href={`/campaigns/${campaign.id}/report`}>{t("campaigns.report.open")}</LinkButton>
            )}
            <LinkButton href={`/campaigns/${campaign.id}/versions`}>{t("campaigns.versions.open")}</LinkButton>
            {writes && <LiveActions {...{ signed, page, remaining: progress.toDo }} />}
            {writes && <DuplicateButton id={campaign.id} t={t} />}
          </>
        }
      />
      <Columns aside={<LiveQuota {...{ signed, live }} />}>
        <Sheet>
          <SheetPart>
            <SendForecast
              {...{ signed, plan, campaign: campaign.id, ahead: ["scheduled", "sending"].includes(campaign.state) }}
              sentence={sentence(signed, page, live)}
              done={await doneDays(s, { who, campaign: campaign.id, zone })}
            />
            {campaign.simulated && <Note>{t("campaigns.live.sandbox")}</Note>}
          </SheetPart>
          <FigureSums {...{ t, id: campaign.id, progress }} />
        </Sheet>
        {moving && writes && <RoutesSection {...{ signed, page }} />}
        {moving && writes && (
          <SendingForm
            {...{ signed, page }}
            action={changeSendingForm}
            rate={plan.servers.map((one) => rateWords(signed, one)).join(" · ")}
            launched
          />
        )}
        <LiveStates {...{ signed, id: campaign.id, progress }} />
        <Uncertain {...{ signed, page, progress }} />
        <LiveReplies {...{ signed, id: campaign.id }} />
      </Columns>
    </LiveRegion>
  );
}

/** The one sentence of the page: numbers in bold, and the end. */
function sentence(signed: SignedIn, page: CampaignPage, { progress, plan: { forecast }, servers }: LiveView) {
  const { t, format } = signed;
  const { campaign } = page;
  const [done, rest] = [progress.done, progress.toDo];
  if (campaign.state === "scheduled") {
    const at = campaign.scheduledAt ? format.instant(campaign.scheduledAt) : "";
    const end = forecast.end ? endWords(signed, forecast.end) : "";
    return t.rich(`campaigns.live.scheduled${end ? "Until" : ""}`, { n: campaign.planned ?? 0, at, end, ...RICH });
  }
  const total = done + rest;
  if (campaign.state === "paused" && campaign.pausedAt) {
    const at = format.time(campaign.pausedAt);
    const why = campaign.pausedReason ?? "";
    const byMachine = `campaigns.live.stoppedWhy.${why}`;
    if (!page.pausedBy && t.has(byMachine))
      return t.rich("campaigns.live.stopped", { at, rest, reason: t(byMachine), ...RICH });
    const facts = { at, who: page.pausedBy ?? "–", rest, reason: why, ...RICH };
    return t.rich(why ? "campaigns.live.pausedWhy" : "campaigns.live.paused", facts);
  }
  if (campaign.state !== "sending") {
    const at = campaign.endedAt ? format.short(campaign.endedAt) : "";
    const unsure = progress.states.find((one) => one.state === "uncertain")?.n ?? 0;
    const facts = { done, notSent: progress.notSent - unsure, unsure, at, ...RICH };
    return t.rich(`campaigns.live.over.${campaign.state}`, facts);
  }
  if (servers.length > 0 && servers.every((server) => server.pausedAt))
    return t.rich("campaigns.live.serverPaused", {
      done,
      total,
      name: servers.map(({ name }) => name).join(", "),
      ...RICH,
    });
  // The day of one server is told in the sentence; several stand beside it.
  const only = servers.length === 1 ? servers[0] : undefined;
  const used = (only?.used.day.campaign ?? 0) + (only?.used.day.system ?? 0);
  const end = forecast.end ? endWords(signed, forecast.end) : "";
  const facts = { done, total, end, used, perDay: only?.perDayNow ?? 0, ...RICH };
  if (!campaign.snapshotDone) return t.rich("campaigns.live.counting", facts);
  if (!forecast.end) return t.rich("campaigns.live.noEnd", facts);
  return t.rich(only?.perDayNow ? "campaigns.live.sendingDay" : "campaigns.live.sending", facts);
}
