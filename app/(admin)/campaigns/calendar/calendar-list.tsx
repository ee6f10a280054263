import type { CalendarCampaign } from "../../../../lib/campaigns/calendar.ts";
import type { CalendarDay } from "../../../../lib/campaigns/calendar-weeks.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Link } from "../../../_ui/link.tsx";
import { CampaignTag } from "../state-tag.tsx";
import { spanWords } from "./month-words.ts";

/** The same month as a list, for a phone: each campaign with what has left and what is still to leave. */
export function CalendarList({ signed, campaigns }: { signed: SignedIn; campaigns: CalendarCampaign[] }) {
  return (
    <ul className="sheet divide-y divide-rule sm:hidden">
      {campaigns.map((one) => (
        <li key={one.id} className="space-y-1 px-4 py-(--row)">
          <p className="flex flex-wrap items-center justify-between gap-2">
            <Link look="quiet" href={`/campaigns/${one.id}`} className="font-semibold [overflow-wrap:anywhere]">
              {one.name}
            </Link>
            <CampaignTag state={one.state} t={signed.t} />
          </p>
          {spansOf(one.days).map((span) => (
            <p key={span.kind} className="text-table text-ink-2">
              {spanWords(signed, span)}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** From the first day to the last of each kind. */
function spansOf(days: CalendarDay[]) {
  return (["done", "planned", "late"] as const).flatMap((kind) => {
    const some = days.filter((one) => one.kind === kind);
    const [first, last] = [some[0], some.at(-1)];
    return first && last
      ? [{ kind, first: first.day, last: last.day, n: some.reduce((sum, { n }) => sum + n, 0) }]
      : [];
  });
}
