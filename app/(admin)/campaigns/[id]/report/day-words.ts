import type { ReportDay } from "../../../../../lib/reports/report-types.ts";
import { formatDay, formatNearDay } from "../../../../../lib/text/dates.ts";
import type { SignedIn } from "../../../../_server/session.ts";
import type { Day } from "../../../../_ui/day-bars.tsx";

/** A bar of the report's picture: what the server took on that day. */
export function dayOfReport({ format, locale }: SignedIn, { day, accepted }: ReportDay): Day {
  // A calendar day has no zone: noon of UTC is on it everywhere that counts days by it.
  const [at, reader] = [new Date(`${day}T12:00:00Z`), { language: locale, zone: "UTC" }];
  return {
    ...{ key: day, kind: "done", value: accepted, text: format.number(accepted) },
    ...{ short: formatNearDay(at, reader), long: formatDay(at, reader) },
  };
}
