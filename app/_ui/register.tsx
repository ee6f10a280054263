import type { ReactNode } from "react";
import { Serial } from "./serial.tsx";

/** A register: entries with their numbers, newest first as given. `label` names it for screen readers. */
export function Register({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol aria-label={label} className="divide-y divide-rule text-table">
      {children}
    </ol>
  );
}

type RowProps = {
  /** "n. 4.102" (lib/text/numbers.ts entryNumber); copied on press. Left out: the entry waits for its number. */
  serial?: string;
  /** Shown where there is no number yet. */
  waiting?: ReactNode;
  /** TimeText. */
  time: ReactNode;
  what: ReactNode;
  detail?: ReactNode;
  /** StatusTag, or a link to the entry. */
  state?: ReactNode;
};

/** One entry: number, time, what happened and its details, the state that it led to. */
export function RegisterRow({ serial, waiting, time, what, detail, state }: RowProps) {
  return (
    <li className="grid grid-cols-[1fr_auto] gap-x-3 gap-y-1 px-4 py-2.5 sm:grid-cols-[76px_136px_minmax(0,1fr)_auto]">
      <span className="text-ink-3">{serial ? <Serial value={serial} /> : waiting}</span>
      <span className="max-sm:text-right">{time}</span>
      <span className="min-w-0 [overflow-wrap:anywhere] max-sm:col-span-2">
        {what}
        {detail && <span className="block text-ink-2">{detail}</span>}
      </span>
      {state && (
        <span className="flex flex-wrap justify-end gap-2 max-sm:col-span-2 max-sm:justify-start">{state}</span>
      )}
    </li>
  );
}
