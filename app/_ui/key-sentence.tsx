import type { ReactNode } from "react";

/** The most important fact of a screen as a sentence, 19 px; its numbers in `<b>`: `t.rich("…", RICH)` makes them. */
export function KeySentence({ children }: { children: ReactNode }) {
  return <p className="max-w-text text-key text-pretty">{children}</p>;
}

/** For `t.rich`: `<b>` in a message. */
export const RICH = { b: (words: ReactNode) => <b>{words}</b> };
