import type { Plan, PlanServer } from "../../../../lib/campaigns/plan.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { RICH } from "../../../_ui/key-sentence.tsx";
import { weekdayNames } from "../weekday-names.ts";

type Hours = { weekdays: number | null; hourFrom: number | null; hourTo: number | null };

/** "da lunedì a venerdì, 8.00–20.00"; undefined where it is always. */
export function windowWords({ t, locale }: SignedIn, hours: Hours): string | undefined {
  const [days, from, to] = [hours.weekdays ?? 127, hours.hourFrom ?? 0, hours.hourTo ?? 24];
  const names = weekdayNames(locale, "long").filter((_, i) => days & (1 << i));
  const bits = days.toString(2);
  const inRow = names.length > 2 && !bits.replace(/0+$/, "").includes("0");
  const [first = "", last = ""] = [names[0], names.at(-1)];
  const when = [
    ...(days === 127 ? [] : [inRow ? t("campaigns.window.days", { first, last }) : names.join(", ")]),
    ...(from === 0 && to === 24 ? [] : [t("campaigns.window.hours", { from, to })]),
  ];
  return when.length > 0 ? when.join(", ") : undefined;
}

/** What a press would do, in one sentence: to how many, at what pace, from when until when. */
export function draftSentence(signed: SignedIn, o: { receive: number; plan: Plan; starts: Date | null }) {
  const { t, format } = signed;
  const { days, end } = o.plan.forecast;
  if (o.receive === 0) return t("campaigns.send.nobody");
  if (!end || days.length === 0) return t("campaigns.send.noEnd");
  const facts = {
    ...{ n: days.reduce((sum, { n }) => sum + n, 0), days: days.length, perDay: Math.max(...days.map(({ n }) => n)) },
    ...{ day: format.day(end), time: format.time(end), start: o.starts ? format.instant(o.starts) : "", ...RICH },
  };
  const shared = o.plan.forecast.conflicts.some(({ kind }) => kind === "collision");
  const limited = days.length > 2 && o.plan.servers.some(({ perDay }) => perDay !== null);
  // Where others take a part of the day, no figure a day holds for all of them.
  const which = limited ? (shared ? "sharedDays" : "manyDays") : "oneDay";
  return t.rich(`campaigns.send.${which}${o.starts ? "At" : ""}`, facts);
}

/** "circa 25 minuti" */
export function durationWords({ t }: SignedIn, ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 90) return t("campaigns.duration.minutes", { n: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48
    ? t("campaigns.duration.hours", { n: hours })
    : t("campaigns.duration.days", { n: Math.round(hours / 24) });
}

/** What a server lets through: "250 al giorno, non più di 60 l’ora". */
export function rateWords({ t, format }: SignedIn, server: PlanServer): string {
  const { perDay, perHour, perMinute, rampFirst, reserve } = server;
  const rates = [
    perDay && t("campaigns.send.perDay", { n: perDay }),
    rampFirst && t("campaigns.send.ramp", { n: rampFirst }),
    perHour && t("campaigns.send.perHour", { n: perHour }),
    perMinute && t("campaigns.send.perMinute", { n: perMinute }),
  ].filter(Boolean);
  const kept = reserve > 0 ? ` (${t("campaigns.send.reserve", { n: format.number(reserve) })})` : "";
  return `${rates.join(", ") || t("campaigns.send.noLimit")}${kept}`;
}
