import type { ReactNode } from "react";
import type { Conflict } from "../../../../lib/campaigns/forecast.ts";
import type { Plan } from "../../../../lib/campaigns/plan.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { KeySentence, RICH } from "../../../_ui/key-sentence.tsx";
import { Note } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { ForecastDays } from "./forecast-days.tsx";
import { durationWords } from "./plan-words.ts";

type Props = {
  signed: SignedIn;
  plan: Plan;
  sentence: ReactNode;
  /** The campaign whose plan it is. */
  campaign: string;
  /** What has left already, by day. */
  done?: { day: string; n: number }[];
  /** Whether the plan is still to be: an ended or paused campaign shows only what was. */
  ahead?: boolean;
};

/** When it ends: a sentence, its days as bars and table, and what stands in the way, each with its way out. */
export function SendForecast({ signed, plan, sentence, campaign, done = [], ahead = true }: Props) {
  const { t } = signed;
  const { forecast, unlimitedMs } = plan;
  return (
    <>
      <KeySentence>{sentence}</KeySentence>
      <ForecastDays signed={signed} days={ahead ? forecast.days : []} done={done} />
      {ahead &&
        forecast.conflicts.map((one) => <Hindrance key={JSON.stringify(one)} {...{ signed, plan, one, campaign }} />)}
      {ahead && unlimitedMs !== null && (
        <Note>{t("campaigns.plan.unlimited", { time: durationWords(signed, unlimitedMs) })}</Note>
      )}
    </>
  );
}

function Hindrance({ signed, plan, one, campaign }: { signed: SignedIn; plan: Plan; one: Conflict; campaign: string }) {
  const { t, format } = signed;
  if (one.kind === "expiry") {
    const server = plan.servers.find(({ id }) => id === one.route);
    return (
      <p className="max-w-text text-table text-warn">
        {t.rich("campaigns.plan.expiry", {
          name: server?.name ?? "",
          day: signed.format.calendarLong(one.on),
          n: one.n,
          ...RICH,
        })}{" "}
        {server?.renewUrl && (
          <>
            <a className="link" href={server.renewUrl} target="_blank" rel="noreferrer">
              {t("campaigns.plan.renew")}
            </a>
            {" · "}
          </>
        )}
        <Link href={`/servers/${one.route}`}>{t("campaigns.plan.openServer")}</Link>
      </p>
    );
  }
  if (one.kind === "not_after") {
    return (
      <p className="max-w-text text-table text-warn">
        {t.rich("campaigns.plan.notAfter", { at: format.instant(one.at), n: one.n, ...RICH })}{" "}
        <Link href={`/campaigns/${campaign}?step=send#sending`}>{t("campaigns.plan.notAfterMend")}</Link>
      </p>
    );
  }
  const name = plan.names[one.task];
  return (
    <p className="max-w-text text-table text-ink-2">
      {name ? (
        <>
          {t.rich("campaigns.plan.collision", { n: one.n, day: format.day(one.until), ...RICH })}{" "}
          <Link href={`/campaigns/${one.task}`}>{name}</Link>
        </>
      ) : (
        t("campaigns.plan.collisionElse", { n: one.n, day: format.day(one.until) })
      )}
    </p>
  );
}
