import type { CalendarCampaign } from "../../../../lib/campaigns/calendar.ts";
import { type CalendarDay, type Run, runsIn } from "../../../../lib/campaigns/calendar-weeks.ts";
import { isHoliday } from "../../../../lib/servers/holidays.ts";
import { noonOf } from "../../../../lib/text/calendar-day.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Link } from "../../../_ui/link.tsx";
import { weekdayNames } from "../weekday-names.ts";
import { spanWords } from "./month-words.ts";

type Props = { signed: SignedIn; month: string; today: string; weeks: string[][]; campaigns: CalendarCampaign[] };

// Whole names, so that they are in the style sheet: a style attribute is refused by our own policy.
const STARTS = [
  ...["col-start-1", "col-start-2", "col-start-3", "col-start-4", "col-start-5", "col-start-6", "col-start-7"],
];
const SPANS = ["col-span-1", "col-span-2", "col-span-3", "col-span-4", "col-span-5", "col-span-6", "col-span-7"];

const LOOKS: Record<CalendarDay["kind"], string> = {
  done: "border-accent bg-accent text-on-accent",
  planned: "border-accent bg-info-bg text-accent",
  late: "border-dashed border-warn bg-warn-bg text-warn",
};

/** The month as weeks; each campaign is a bar over the days on which it sends. Bars are links, in the order of the weeks. Hidden on a phone: there is a list. */
export function CalendarMonth({ signed, month, today, weeks, campaigns }: Props) {
  const { t, locale } = signed;
  return (
    <section aria-label={t("campaigns.calendar.title")} className="sheet overflow-clip max-sm:hidden">
      <div aria-hidden="true" className="grid grid-cols-7 border-b border-rule text-note text-ink-2">
        {weekdayNames(locale, "short").map((name) => (
          <span key={name} className="px-2 py-1.5">
            {name}
          </span>
        ))}
      </div>
      {weeks.map((week) => (
        <Week key={week[0]} {...{ signed, month, today, week, campaigns }} />
      ))}
    </section>
  );
}

type WeekProps = Omit<Props, "weeks"> & { week: string[] };

function Week({ signed, month, today, week, campaigns }: WeekProps) {
  const rows = campaigns.map((one) => ({ one, runs: runsIn(week, one.days) })).filter(({ runs }) => runs.length > 0);
  return (
    <div className="relative min-h-24 border-b border-rule last:border-b-0">
      <div aria-hidden="true" className="absolute inset-0 grid grid-cols-7 divide-x divide-rule">
        {week.map((day) => (
          <DayCell key={day} {...{ day, beside: !day.startsWith(month), now: day === today }} />
        ))}
      </div>
      <div className="relative space-y-1 pt-8 pb-2">
        {rows.map(({ one, runs }) => (
          <div key={one.id} className="grid grid-cols-7">
            {runs.map((run, i) => (
              <Bar key={run.first} {...{ signed, one, run, named: i === 0 }} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function DayCell({ day, beside, now }: { day: string; beside: boolean; now: boolean }) {
  const rests = isHoliday(day) || noonOf(day).getUTCDay() === 0;
  return (
    <span className={`px-2 py-1.5 text-note ${beside ? "bg-paper text-ink-3" : rests ? "text-ink-3" : "text-ink-2"}`}>
      <span className={now ? "rounded-tag bg-ink px-1.5 py-0.5 font-semibold text-surface" : ""}>
        {Number(day.slice(8))}
      </span>
    </span>
  );
}

/** The first bar of a week bears the name; the others are named for screen readers alone. */
function Bar({ signed, one, run, named }: { signed: SignedIn; one: CalendarCampaign; run: Run; named: boolean }) {
  const said = `${one.name}, ${spanWords(signed, run)}`;
  return (
    <div title={said} className={`row-start-1 min-w-0 px-0.5 ${STARTS[run.from]} ${SPANS[run.to - run.from]}`}>
      <Link
        look="plain"
        href={`/campaigns/${one.id}`}
        aria-label={said}
        className={`block min-h-6 truncate rounded-tag border px-1.5 text-note leading-[22px] -outline-offset-2 ${LOOKS[run.kind]}`}
      >
        {named ? one.name : "\u00a0"}
      </Link>
    </div>
  );
}
