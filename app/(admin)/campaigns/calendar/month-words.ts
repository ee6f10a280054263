import type { CalendarDay } from "../../../../lib/campaigns/calendar-weeks.ts";
import { formatNearDay } from "../../../../lib/text/dates.ts";
import type { SignedIn } from "../../../_server/session.ts";

/** A calendar day has no zone: noon of UTC is on it everywhere. */
const noon = (day: string) => new Date(`${day}T12:00:00Z`);

/** "Dicembre 2026" */
export function monthWords({ locale }: SignedIn, month: string): string {
  const text = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const words = text.format(noon(`${month}-01`));
  return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
}

/** "ven 11 dic" */
export function nearDay({ locale }: SignedIn, day: string): string {
  return formatNearDay(noon(day), { language: locale, zone: "UTC" });
}

type Span = { first: string; last: string; n: number; kind: CalendarDay["kind"] };

/** "ven 4 dic – mar 8 dic: 1.250 messaggi previsti" */
export function spanWords(signed: SignedIn, { first, last, n, kind }: Span): string {
  const [from, to] = [nearDay(signed, first), nearDay(signed, last)];
  const days = first === last ? from : `${from} – ${to}`;
  return `${days}: ${signed.t(`campaigns.calendar.kinds.${kind}`, { n })}`;
}
