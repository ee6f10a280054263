import type { Random } from "./random.ts";

/** quick: inside `npm test` · plain: one fault by its id · full: the figures of the issue · soak: for hours. */
export type Form = "quick" | "plain" | "full" | "soak";

/** What was done to it, by kind; the full form counts these. */
export type Injection =
  | "kills"
  | "stops"
  | "postgres"
  | "flushes"
  | "freezes"
  | "smtp"
  | "redis"
  | "cuts"
  | "presses"
  | "leaves"
  | "others";

export type Finding = {
  recipients: number;
  injected: Partial<Record<Injection, number>>;
  lost: number;
  twice: number;
  late: number;
  over: number;
  uncertain: number;
  /** Most that may be uncertain: the open connections of each process that was killed. */
  bound: number;
  /** The longest time from the end of a fault to the next message, in seconds. */
  recovered: number;
  /** Everything else that is not as it should be, in words. */
  wrong: string[];
};

export type Run = {
  form: Form;
  random: Random;
  /** The size for this form: quick, plain, full. */
  size(quick: number, plain: number, full: number): number;
};

export type Fault = {
  /** As in the fault matrix. */
  id: string;
  title: string;
  /** Belongs to the quick form. */
  quick?: boolean;
  /** Needs the web process, and so the built pages. */
  web?: boolean;
  /** Measures rates: runs with nothing beside it. */
  alone?: boolean;
  /** About how long its full form takes, where that is more than two: the longest begin first. */
  minutes?: number;
  /** Answers with a word why this machine cannot run it. */
  cannot?: () => string | undefined;
  run(o: Run): Promise<Finding>;
};

/** Whether a finding is as promised. */
export function isGood(f: Finding): boolean {
  return (
    f.lost + f.twice + f.late + f.over === 0 && f.uncertain <= f.bound && f.recovered <= 60 && f.wrong.length === 0
  );
}

/** `F05 · recipients · injected · lost · twice · late · over · uncertain (bound) · recovered in s · ok` */
export function lineOf(id: string, f: Finding): string {
  const injected = Object.entries(f.injected).map(([kind, n]) => `${n} ${kind}`);
  return [
    id,
    `recipients ${f.recipients}`,
    `injected ${injected.join(", ") || "none"}`,
    `lost ${f.lost}`,
    `twice ${f.twice}`,
    `late ${f.late}`,
    `over ${f.over}`,
    `uncertain ${f.uncertain} (${f.bound})`,
    `recovered in ${f.recovered.toFixed(1)} s`,
    isGood(f) ? "ok" : "FAILED",
  ].join(" · ");
}
