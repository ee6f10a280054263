import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";

type Point = { at: Date; value: number | null };
type Props = { points: readonly Point[]; label: string; ends: [string, string]; most: string };

const [WIDTH, HEIGHT, TOP, FOOT] = [1000, 140, 14, 128];

/** A line over time from zero, drawn by the server; a gap where there is no value. Its figures stand in the table of the page. */
export function LineGraph({ points, label, ends, most }: Props) {
  const x = scaleLinear([0, Math.max(1, points.length - 1)], [0, WIDTH]);
  const y = scaleLinear([0, Math.max(1, ...points.map(({ value }) => value ?? 0))], [FOOT, TOP]);
  const path = line<Point>()
    .defined(({ value }) => value !== null)
    .x((_, i) => x(i))
    .y(({ value }) => y(value ?? 0))(points as Point[]);
  // A line needs two points: one between gaps is a dot.
  const alone = points.flatMap(({ value }, i) => {
    const [before, after] = [points[i - 1]?.value ?? null, points[i + 1]?.value ?? null];
    return value !== null && before === null && after === null ? [`M${x(i)},${y(value)}h0`] : [];
  });
  return (
    <figure>
      <figcaption className="text-note text-ink-2">{most}</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        width="100%"
        height={HEIGHT}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
        className="block"
      >
        <line x1="0" x2={WIDTH} y1={FOOT} y2={FOOT} className="stroke-rule" vectorEffect="non-scaling-stroke" />
        <path
          d={alone.join("")}
          strokeWidth="7"
          strokeLinecap="round"
          className="stroke-accent"
          vectorEffect="non-scaling-stroke"
        />
        {path && (
          <path
            d={path}
            fill="none"
            strokeWidth="2"
            strokeLinecap="round"
            className="stroke-accent"
            vectorEffect="non-scaling-stroke"
          />
        )}
      </svg>
      <div className="flex justify-between gap-4 text-note text-ink-2">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
    </figure>
  );
}
