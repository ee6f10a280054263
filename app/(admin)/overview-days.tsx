import type { DayOfConsents } from "../../lib/reports/overview.ts";
import type { SignedIn } from "../_server/session.ts";

const SERIES = ["asked", "confirmed", "left"] as const;
const [WIDTH, HEIGHT] = [560, 44];

/** Four weeks as three small pictures on one scale, baseline at zero, and their numbers in a table one press away. */
export function OverviewDays({ days, t, format }: { days: DayOfConsents[] } & Pick<SignedIn, "t" | "format">) {
  const most = Math.max(1, ...days.flatMap((day) => SERIES.map((name) => day[name])));
  return (
    <div className="space-y-5">
      {SERIES.map((name) => {
        const total = days.reduce((sum, day) => sum + day[name], 0);
        return (
          <figure key={name} className="m-0">
            <figcaption className="flex flex-wrap justify-between gap-x-4 text-table">
              <span className="font-semibold">{t(`overview.${name}`)}</span>
              <span className="text-ink-2">{t("overview.total", { n: total })}</span>
            </figcaption>
            <svg
              viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
              className="mt-1 block w-full"
              role="img"
              aria-label={`${t(`overview.${name}`)}: ${t("overview.total", { n: total })}`}
            >
              {days.map((day, i) => (
                <Bar
                  key={day.day}
                  name={name}
                  i={i}
                  n={day[name]}
                  most={most}
                  of={days.length}
                  title={`${format.calendarDate(day.day)}: ${format.number(day[name])}`}
                />
              ))}
              <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="stroke-rule-strong" />
            </svg>
          </figure>
        );
      })}
      <details className="text-table">
        <summary className="cursor-pointer text-accent">{t("overview.values")}</summary>
        <div className="mt-2 overflow-x-auto">
          <table className="w-full text-left">
            <caption className="sr-only">{t("overview.days")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("overview.day")}</th>
                {SERIES.map((name) => (
                  <th key={name} scope="col" className="text-right">
                    {t(`overview.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day) => (
                <tr key={day.day} className="border-t border-rule">
                  <th scope="row" className="py-1 font-normal">
                    {format.calendarDate(day.day)}
                  </th>
                  {SERIES.map((name) => (
                    <td key={name} className="py-1 text-right">
                      {format.number(day[name])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  );
}

/** Requests are outlined, confirmations full, departures dashed: told apart in black and white too. */
const LOOK = {
  asked: "fill-info-bg stroke-accent",
  confirmed: "fill-accent stroke-accent",
  left: "fill-none stroke-bad [stroke-dasharray:3_2]",
};

function Bar({
  name,
  i,
  n,
  most,
  of,
  title,
}: {
  name: (typeof SERIES)[number];
  i: number;
  n: number;
  most: number;
  of: number;
  title: string;
}) {
  const step = WIDTH / of;
  const height = (n / most) * (HEIGHT - 4);
  if (n === 0) return null;
  return (
    <rect x={i * step + 3} width={step - 6} y={HEIGHT - height - 1} height={height} className={LOOK[name]}>
      <title>{title}</title>
    </rect>
  );
}
