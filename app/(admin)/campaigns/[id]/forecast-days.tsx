import type { ForecastDay } from "../../../../lib/campaigns/forecast.ts";
import { noonOf } from "../../../../lib/text/calendar-day.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { type Day, DayBars } from "../../../_ui/day-bars.tsx";

/** "lun 30": the month is in the table, and where one points. */
function shortDay(day: string, locale: string): string {
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
  return `${weekday.format(noonOf(day))} ${Number(day.slice(8))}`;
}

/** A bar a day: what has left, and what is planned. Nothing where all of it is one day. */
export function ForecastDays({
  signed,
  days: planned,
  done,
}: {
  signed: SignedIn;
  days: ForecastDay[];
  done: { day: string; n: number }[];
}) {
  const { t, format, locale } = signed;
  const left = new Map(done.map(({ day, n }) => [day, n]));
  const ahead = new Set(planned.map(({ day }) => day));
  const days: Day[] = [
    ...done.filter(({ day }) => !ahead.has(day)).map((one) => ({ ...one, kind: "done" as const, begun: 0 })),
    ...planned.map(({ day, n, late }) => {
      const begun = left.get(day) ?? 0;
      return { day, begun, n: n + begun, kind: late > 0 ? ("late" as const) : ("planned" as const) };
    }),
  ].map(({ day, n, kind, begun }) => ({
    ...{ key: day, kind, value: n, text: format.number(n) },
    ...{ short: shortDay(day, locale), long: format.calendarLong(day) },
    ...(begun > 0
      ? { begun: { value: begun, said: t("campaigns.days.begun", { done: begun, planned: n - begun }) } }
      : {}),
  }));
  if (days.length < 2) return null;
  const kinds = {
    done: t("campaigns.days.done"),
    planned: t("campaigns.days.planned"),
    late: t("campaigns.days.late"),
  };
  return (
    <DayBars
      days={days}
      label={t("campaigns.days.label")}
      words={{
        ...{ values: t("campaigns.days.values"), day: t("campaigns.days.day") },
        ...{ number: t("campaigns.days.number"), kind: t("campaigns.days.kind"), kinds },
      }}
    />
  );
}
