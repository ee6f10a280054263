import type { ServerLine } from "../../../../../lib/delivery/server-lines.ts";
import type { SignedIn } from "../../../../_server/session.ts";

/** A line of the log as text, the same on the page, in the stream and in the file. */
export type LineText = { n: number; at: string; outcome: string; what: string; reply: string };

export function lineText({ t, format }: Pick<SignedIn, "t" | "format">, line: ServerLine): LineText {
  const key = `campaigns.deliveries.${line.outcome}`;
  const other = `serverScreens.log.outcomes.${line.outcome}`;
  const outcome = t.has(key) ? t(key) : t.has(other) ? t(other) : line.outcome;
  return {
    ...{ n: line.n, at: format.table(line.at), outcome },
    what: [line.to ?? line.domain, line.campaign?.name].filter(Boolean).join(" · "),
    reply: line.reply ?? line.reason ?? "",
  };
}
