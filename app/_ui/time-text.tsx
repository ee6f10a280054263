import { getLocale, getTimeZone } from "next-intl/server";
import {
  formatDate,
  formatDay,
  formatInstant,
  formatNearDay,
  formatShort,
  formatTable,
  formatTime,
} from "../../lib/text/dates.ts";
import type { Language } from "../../lib/text/language.ts";

const FORMS = {
  /** "24 nov 2026, 9.12" */
  short: formatShort,
  /** "lunedì 30 novembre 2026, ore 9.00 (Roma)" */
  long: formatInstant,
  /** "lunedì 30 novembre 2026" */
  day: formatDay,
  /** "30 novembre 2026" */
  date: formatDate,
  /** "ven 11 dic" */
  near: formatNearDay,
  /** "9.12" */
  time: formatTime,
  /** "24/11/2026 9:12" */
  table: formatTable,
};

type Props = {
  at: Date;
  form?: keyof typeof FORMS;
  /** Another zone than the organization's. */
  zone?: string;
};

/** An instant in the organization's zone, absolute; the full spelling with the zone is in the title of the shorter forms. */
export async function TimeText({ at, form = "short", zone }: Props) {
  const reader = { language: (await getLocale()) as Language, zone: zone ?? (await getTimeZone()) };
  return (
    <time
      dateTime={at.toISOString()}
      title={form === "long" ? undefined : formatInstant(at, reader)}
      className={form === "long" || form === "day" ? undefined : "whitespace-nowrap"}
    >
      {FORMS[form](at, reader)}
    </time>
  );
}
