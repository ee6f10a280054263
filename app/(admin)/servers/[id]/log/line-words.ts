import type { ServerLine } from "../../../../../lib/delivery/server-lines.ts";
import type { SignedIn } from "../../../../_server/session.ts";

/** A line of the log as text, the same on the page, in the stream and in the file. */
export type LineText = { n: number; at: string; outcome: string; word: string; what: string; reply: string };

export function lineText({ t, format }: Pick<SignedIn, "t" | "format">, line: ServerLine): LineText {
  return {
    // Two lines a minute apart and two a second apart are another story: with seconds.
    ...{ n: line.n, at: `${format.table(line.at)}:${line.at.toISOString().slice(17, 19)}`, outcome: line.outcome },
    word: outcomeWord(t, line.outcome),
    what: [line.to ?? line.domain, line.campaign?.name].filter(Boolean).join(" · "),
    reply: line.reply ?? line.reason ?? "",
  };
}

/** What an attempt came to, in a word or two. */
export function outcomeWord(t: SignedIn["t"], outcome: string): string {
  const key = `serverScreens.log.outcomes.${outcome}`;
  return t.has(key) ? t(key) : outcome;
}
