import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

export type Step = { title: ReactNode; detail?: ReactNode; state: "done" | "current" | "todo"; action?: ReactNode };

/** What is done and what comes next, in order. `words` say the state aloud: done, current, to do. */
export function Steps({ of, words }: { of: Step[]; words: Record<Step["state"], string> }) {
  return (
    <ol className="divide-y divide-rule">
      {of.map(({ title, detail, state, action }, i) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
          key={i}
          aria-current={state === "current" ? "step" : undefined}
          className="grid grid-cols-[28px_minmax(0,1fr)] items-start gap-x-3 gap-y-2 px-4 py-3 sm:grid-cols-[28px_minmax(0,1fr)_auto] sm:px-5"
        >
          <span
            className={`flex size-6 items-center justify-center rounded-full border text-note font-semibold ${MARKS[state]}`}
          >
            {state === "done" ? <Icon name="check" size={14} /> : i + 1}
            <span className="sr-only">{words[state]}</span>
          </span>
          <div className="min-w-0">
            <p className={state === "todo" ? "text-ink-2" : "font-semibold"}>{title}</p>
            {detail && <div className="text-table text-ink-2">{detail}</div>}
          </div>
          {action && <div className="max-sm:col-start-2">{action}</div>}
        </li>
      ))}
    </ol>
  );
}

const MARKS: Record<Step["state"], string> = {
  done: "border-ok bg-ok-bg text-ok",
  current: "border-accent bg-accent text-on-accent",
  todo: "border-rule-strong text-ink-2",
};
