import type { CalendarDay } from "../../../../lib/campaigns/calendar-weeks.ts";
import { noonOf } from "../../../../lib/text/calendar-day.ts";
import type { SignedIn } from "../../../_server/session.ts";

/** "Dicembre 2026" */
export function monthWords({ locale }: SignedIn, month: string): string {
  const text = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const words = text.format(noonOf(`${month}-01`));
  return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
}

type Span = { first: string; last: string; n: number; kind: CalendarDay["kind"] };

/** "ven 4 dic – mar 8 dic: 1.250 messaggi previsti" */
export function spanWords(signed: SignedIn, { first, last, n, kind }: Span): string {
  const [from, to] = [signed.format.calendarNear(first), signed.format.calendarNear(last)];
  const days = first === last ? from : `${from} – ${to}`;
  return `${days}: ${signed.t(`campaigns.calendar.kinds.${kind}`, { n })}`;
}
