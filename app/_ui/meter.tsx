import type { ReactNode } from "react";

type MeterProps = {
  label: string;
  value: number;
  max: number;
  /** Kept for confirmations: hatched at the end. */
  reserve?: number;
  /** In words and numbers: "212 di 250, 20 riservati alle conferme". */
  children: ReactNode;
};

const percent = (part: number, whole: number) => `${whole > 0 ? Math.min(100, Math.max(0, (part / whole) * 100)) : 0}%`;

/** How much of a limit is used. Turns amber above nine tenths. */
export function Meter({ label, value, max, reserve = 0, children }: MeterProps) {
  const full = max > 0 && value / max > 0.9;
  return (
    <div>
      <div className="flex flex-wrap justify-between gap-x-4 text-table">
        <span className="font-semibold">{label}</span>
        <span className="text-ink-2">{children}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: the browser's own cannot be drawn on, nor show a reserve */}
      <div role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={max} aria-valuenow={Math.min(value, max)}>
        <svg width="100%" height="10" aria-hidden="true" className="mt-1.5 block rounded-tag bg-sunken">
          <defs>
            <pattern id="reserve" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="1.5" height="5" className="fill-ink-3" />
            </pattern>
          </defs>
          {reserve > 0 && (
            <rect x={percent(max - reserve, max)} width={percent(reserve, max)} height="10" fill="url(#reserve)" />
          )}
          <rect width={percent(value, max)} height="10" className={full ? "fill-warn" : "fill-accent"} />
        </svg>
      </div>
    </div>
  );
}

type ProgressProps = {
  label: string;
  value: number;
  max: number;
  /** With numbers: "1.204 di 2.964". */
  children: ReactNode;
};

/** How far a work is, with its numbers. */
export function Progress({ label, value, max, children }: ProgressProps) {
  return (
    <div>
      <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={max} aria-valuenow={value}>
        <svg width="100%" height="6" aria-hidden="true" className="block rounded-tag bg-sunken">
          <rect width={percent(value, max)} height="6" className="fill-accent" />
        </svg>
      </div>
      <p className="mt-1 text-table text-ink-2">{children}</p>
    </div>
  );
}
