import { scaleBand, scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

/** `done` sent, `planned` to be sent, `late` planned but after something ends (a server expires). */
export type Day = {
  key: string;
  short: string;
  long: string;
  value: number;
  text: string;
  kind: "done" | "planned" | "late";
  /** Of a day that has begun: how many of `value` are done, and how the table says so. */
  begun?: { value: number; said: string };
};

type Props = {
  days: readonly Day[];
  /** What the bars show, in a sentence. */
  label: string;
  /** Heads of the table of numbers, and the words that open it. */
  words: { values: string; day: string; number: string; kind: string; kinds: Record<Day["kind"], string> };
  after?: ReactNode;
};

const HEIGHT = 132;
const [TOP, FOOT] = [18, 98];
const LOOKS: Record<Day["kind"], { className: string; strokeDasharray?: string }> = {
  done: { className: "fill-accent stroke-accent" },
  planned: { className: "fill-info-bg stroke-accent" },
  late: { className: "fill-warn-bg stroke-warn", strokeDasharray: "3 3" },
};

/** Days as bars from zero, each with its number; the same as a table below. Drawn by the server, in parts of the width it is given. */
export function DayBars({ days, label, words, after }: Props) {
  const x = scaleBand(
    days.map(({ key }) => key),
    // A day alone is a bar, not a wall.
    [0, Math.min(100, days.length * 20)],
  )
    .paddingInner(0.3)
    .paddingOuter(0.15);
  const y = scaleLinear([0, Math.max(1, ...days.map(({ value }) => value))], [FOOT, TOP]);
  const [wide, narrow] = [Math.ceil(days.length / 12), Math.ceil(days.length / 5)];
  const seen = (i: number) => (i % wide ? "hidden" : i % narrow ? "max-sm:hidden" : "");
  return (
    <div>
      <svg width="100%" height={HEIGHT} role="img" aria-label={label} className="block overflow-visible">
        {days.map(({ key, short, long, value, text, kind, begun }, i) => {
          const middle = `${(x(key) ?? 0) + x.bandwidth() / 2}%`;
          return (
            <g key={key} className="fill-ink-2 text-[12px]">
              <title>{`${long}: ${text}`}</title>
              <rect
                x={`${x(key)}%`}
                width={`${x.bandwidth()}%`}
                y={y(value)}
                height={FOOT - y(value)}
                {...LOOKS[kind]}
              />
              {begun && (
                <rect
                  x={`${x(key)}%`}
                  width={`${x.bandwidth()}%`}
                  y={y(begun.value)}
                  height={FOOT - y(begun.value)}
                  {...LOOKS.done}
                />
              )}
              <text x={middle} y={y(value) - 6} textAnchor="middle" className={seen(i)}>
                {text}
              </text>
              <text x={middle} y={FOOT + 18} textAnchor="middle" className={seen(i)}>
                {short}
              </text>
            </g>
          );
        })}
        <line x1="0" x2="100%" y1={FOOT + 0.5} y2={FOOT + 0.5} className="stroke-rule-strong" />
      </svg>
      {after}
      <details className="text-table">
        <summary className="link-quiet inline-flex min-h-6 items-center gap-1">
          <span className="transition-transform [[open]>summary>&]:rotate-90">
            <Icon name="chevron-right" size={14} />
          </span>
          {words.values}
        </summary>
        <table className="mt-2 text-left">
          <caption className="sr-only">{label}</caption>
          <thead className="text-note text-ink-2">
            <tr>
              <th scope="col" className="py-1 pr-6">
                {words.day}
              </th>
              <th scope="col" className="py-1 pr-6 text-right">
                {words.number}
              </th>
              <th scope="col" className="py-1">
                {words.kind}
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ key, long, text, kind, begun }) => (
              <tr key={key} className="border-t border-rule">
                <th scope="row" className="py-1 pr-6 font-normal">
                  {long}
                </th>
                <td className="py-1 pr-6 text-right">{text}</td>
                <td className="py-1">{begun?.said ?? words.kinds[kind]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
