import { formatNearDay } from "../../../lib/text/dates.ts";
import type { SignedIn } from "../../_server/session.ts";

/** "ven 11 dic verso le 10.40", on the organization's clocks. */
export function endWords({ t, format, locale, organization }: SignedIn, end: Date): string {
  const day = formatNearDay(end, { language: locale, zone: organization.timeZone });
  return t("campaigns.endsAt", { day, time: format.time(end) });
}
