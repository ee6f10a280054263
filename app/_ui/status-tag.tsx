import type { ReactNode } from "react";

/** `ok` holds, `warn` waits or ends soon, `bad` refused, withdrawn or blocking, `info` under way, `still` neither (draft, ended). */
export type Tone = "ok" | "warn" | "bad" | "info" | "still";

const COLOURS: Record<Tone, string> = {
  ok: "text-ok bg-ok-bg",
  warn: "text-warn bg-warn-bg",
  bad: "text-bad bg-bad-bg",
  info: "text-accent bg-info-bg",
  still: "text-ink-2 bg-sunken",
};

/** Told apart without colour: full circle, triangle, square, half circle, ring. */
const SHAPES: Record<Tone, ReactNode> = {
  ok: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  warn: <path d="M5 .8 9.6 9H.4Z" fill="currentColor" />,
  bad: <rect x="1" y="1" width="8" height="8" rx="1" fill="currentColor" />,
  info: (
    <>
      <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.2" />
      <path d="M5 1a4 4 0 0 1 0 8Z" fill="currentColor" />
    </>
  ),
  still: <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.2" />,
};

/** The state of a thing: a word, and a shape for who does not see the colour. */
export function StatusTag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 self-start justify-self-start sm:whitespace-nowrap rounded-tag px-2 py-px text-note font-semibold ${COLOURS[tone]}`}
    >
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" className="shrink-0">
        {SHAPES[tone]}
      </svg>
      <span className="first-letter:uppercase">{children}</span>
    </span>
  );
}
