import { appNow } from "../clock.ts";
import type { Services } from "../services.ts";
import type { Campaign } from "./find.ts";
import { planOf } from "./plan.ts";
import type { Finding } from "./types.ts";

/** Whether the times of a draft can hold: a start that has passed blocks, what stays out or would leave after an expiry is told with its number. */
export async function timingFindings(s: Services, o: { campaign: Campaign; receive: number }): Promise<Finding[]> {
  const now = await appNow(s.db);
  const { scheduledAt, notAfter } = o.campaign;
  if (scheduledAt && scheduledAt <= now) return [found("start_passed", "block")];
  if (notAfter && notAfter <= (scheduledAt ?? now)) return [found("not_after_passed", "block")];
  if (o.receive === 0) return [];
  const { forecast, servers } = await planOf(s, { campaign: o.campaign, remaining: o.receive });
  return forecast.conflicts.flatMap((one) => {
    if (one.kind === "not_after") return [found("stay_out", "warn", { n: one.n })];
    if (one.kind !== "expiry") return [];
    const name = servers.find(({ id }) => id === one.route)?.name ?? "";
    return [found("past_expiry", "warn", { n: one.n, name, day: one.on })];
  });
}

function found(check: string, level: Finding["level"], facts: Finding["facts"] = {}): Finding {
  return { check, level, step: "send", facts, key: `campaigns.checks.${check}` };
}
