import { DomainError } from "../errors.ts";
import { type Answer, ConnectFailure } from "../servers/answer.ts";
import { logLine } from "../servers/log-line.ts";
import { type PauseReason, pauseServer } from "../servers/pause.ts";
import { replyText } from "../servers/reply.ts";
import { classify } from "./answers.ts";
import { codeOf, type LaneState, LOOK_MS } from "./lane-state.ts";

/** A 5xx in the greeting or to EHLO that a rule reads as the server's policy, or as what it thinks of our address. */
function refusesUs({ code = 0, reply }: Answer): "policy" | "reputation" | undefined {
  const about = code >= 500 ? classify(reply).class : "refused";
  if (about === "reputation") return about;
  return about === "policy" || about === "authentication" ? "policy" : undefined;
}

/** Back-off in seconds while a server does not answer, by one connection: a minute at most, so that it is back a minute after it answers again. */
const UNREACHABLE = [5, 15, 30, 60];

/**
 * A connection could not be opened: nobody's row is to blame, so the server pauses, for a while or until a person comes, and pages say why.
 * @param o failures: how often in a row this server did not answer · others: other workers have connections to it
 */
export async function couldNotConnect(
  state: LaneState,
  error: unknown,
  o: { failures: number; others: boolean },
): Promise<void> {
  const { w, server, connections } = state;
  const answer = error instanceof ConnectFailure ? error.answer : undefined;
  w.s.log.warn("server_not_reached", {
    server: server.id,
    code: answer?.code ?? codeOf(error),
    command: answer?.command ?? "host",
  });
  state.limit(LOOK_MS);
  if (state.stopping || w.owner.lost()) return;
  await logLine(w.s.db, {
    ...{ server: server.id, organization: server.organization, outcome: "connection" },
    ...{ reason: answer?.command ?? "host", reply: replyText(answer?.reply ?? codeOf(error)) },
  }).catch(() => undefined);
  const pause = async (reason: PauseReason, seconds?: number) => {
    await pauseServer(w.s.db, {
      server: server.id,
      reason,
      ...(seconds === undefined ? {} : { retrySeconds: seconds }),
    }).catch(() => undefined);
  };
  const refused = answer && refusesUs(answer);
  if (error instanceof DomainError) await pause("host", 300);
  // A wrong password that is tried again and again locks the mailbox: only a person ends this pause.
  else if (answer?.command === "auth" && (answer.code ?? 0) >= 500) await pause("auth");
  else if (answer?.command === "tls") await pause("tls", 900);
  else if (refused) await pause(refused, 900);
  // A server that takes no more than others have is well: paused, it would stand still for them too.
  else if (answer?.code === 421 && (o.others || connections.size() > 0)) connections.slower();
  // Others of its connections may still work; only a server that takes none stands still.
  else if (connections.size() === 0)
    await pause("unreachable", UNREACHABLE[Math.min(o.failures, UNREACHABLE.length - 1)]);
  state.wake();
}
