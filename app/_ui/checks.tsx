import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon-names.ts";

export type CheckTone = "ok" | "warn" | "bad" | "unknown" | "next";
export type Check = { tone: CheckTone; title: ReactNode; detail?: ReactNode; action?: ReactNode };

const MARKS: Record<CheckTone, { icon: IconName; colour: string }> = {
  ok: { icon: "check", colour: "text-ok" },
  warn: { icon: "alert-triangle", colour: "text-warn" },
  bad: { icon: "x", colour: "text-bad" },
  unknown: { icon: "clock", colour: "text-ink-2" },
  next: { icon: "arrow-right", colour: "text-accent" },
};

type Words = Record<Exclude<CheckTone, "next">, string> & { next?: string };

/** Findings, each with the way to its spot. `words` name the marks for who does not see them. */
export function Checks({ of, words }: { of: Check[]; words: Words }) {
  return (
    <ul className="divide-y divide-rule px-4 sm:px-[18px]">
      {of.map(({ tone, title, detail, action }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings have no other identity
        <li key={i} className="grid grid-cols-[22px_minmax(0,1fr)_auto] gap-x-1.5 py-2.5">
          <span className={`mt-0.5 ${MARKS[tone].colour}`}>
            <Icon name={MARKS[tone].icon} label={words[tone] ?? ""} />
          </span>
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {title}
            {detail && <span className="block text-note text-ink-2">{detail}</span>}
          </span>
          <span className="text-table">{action}</span>
        </li>
      ))}
    </ul>
  );
}
