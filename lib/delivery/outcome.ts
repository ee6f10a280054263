import type { Answer } from "../servers/answer.ts";

/** What is written into the row. `wait` in seconds, for `deferred` only. */
export type Outcome = {
  state: "accepted" | "rejected" | "deferred" | "uncertain";
  reason: string | null;
  wait: number | null;
  /** What the answer means beyond this row. */
  effect: "none" | "suppress" | "slower" | "pause_policy" | "pause_sender" | "pause_auth";
};

/** Seconds before the n-th repeat of a 4xx: greylisting wants minutes, a full mailbox hours. */
const REPEATS = [300, 900, 1800, 3600, 7200, 14_400, 28_800];
/** Five days of repeats, then the row is rejected (RFC 5321 4.5.4.1: at least 4-5 days). */
const MOST_TRIES = 20;
/** A connection that broke before the message: again soon, nothing was refused. */
const BROKEN = 60;

/** Servers that give no enhanced code (RFC 3463) and say it in words. */
const NOBODY_THERE =
  /user (is )?unknown|unknown user|no such (user|recipient|mailbox|address)|(user|recipient|mailbox|address|account) (does not exist|doesn't exist|not found|unknown)|unknown (recipient|mailbox|address)|invalid (recipient|mailbox)/i;
const POLICY =
  /spam|blocked|block ?list|blacklist|denylist|reputation|policy|spf|dkim|dmarc|rejected for|not authori[sz]ed/i;

const kept = (state: Outcome["state"], reason: string | null, effect: Outcome["effect"] = "none"): Outcome => ({
  state,
  reason,
  wait: null,
  effect,
});

/**
 * What an answer means for the row, and beyond it (RFC 5321 4.2.1, RFC 3463). 4xx: deferred with a schedule. 5.1.x of the recipient: the address is dead.
 * 5.7.x, authentication, and whatever is said about the sender: the server pauses and nobody is suppressed. No code: uncertain once the message had begun.
 * @param tries how often the row was attempted, this time included
 */
export function outcomeOf(a: Answer, tries: number): Outcome {
  if (a.code === undefined) {
    return a.begun ? kept("uncertain", "answer_lost") : { ...kept("deferred", "connection_lost"), wait: BROKEN };
  }
  if (a.code < 400) return kept("accepted", null);
  return a.code < 500 ? temporary(a, a.code, tries) : permanent(a);
}

function temporary(a: Answer, code: number, tries: number): Outcome {
  const crowded = code === 421 || code === 454 || /too many|rate|throttl|connections/i.test(a.reply);
  if (tries >= MOST_TRIES) return kept("rejected", "deferred_too_long");
  const wait = crowded ? BROKEN : (REPEATS[tries - 1] ?? REPEATS.at(-1) ?? BROKEN);
  return { state: "deferred", reason: crowded ? "slow_down" : "later", wait, effect: crowded ? "slower" : "none" };
}

function permanent(a: Answer): Outcome {
  const [subject, detail] = enhanced(a.reply);
  // 530 and 535 ask for, or refuse, our credentials wherever they come (RFC 4954 6).
  if (a.command === "auth" || a.code === 530 || a.code === 535) return again("server_refused_login", "pause_auth");
  // MAIL FROM, and 5.1.7 and 5.1.8 wherever they come, speak of the sender: no recipient was even named.
  if (a.command === "mail" || (subject === 1 && (detail === 7 || detail === 8)))
    return again("sender_refused", "pause_sender");
  if (subject === 7) return kept("rejected", "policy", "pause_policy");
  if (subject === 1) return kept("rejected", "hard_bounce", "suppress");
  if (subject === undefined && a.command === "rcpt" && NOBODY_THERE.test(a.reply))
    return kept("rejected", "hard_bounce", "suppress");
  if (subject === undefined && POLICY.test(a.reply)) return kept("rejected", "policy", "pause_policy");
  return kept("rejected", "refused");
}

/** The row is not to blame: tried again once the server works. */
function again(reason: string, effect: Outcome["effect"]): Outcome {
  return { state: "deferred", reason, wait: BROKEN, effect };
}

/** Subject and detail of an enhanced status code at the beginning of a reply (RFC 2034). */
export function enhanced(reply: string): [number, number] | [] {
  const [, subject, detail] = /^\d{3}[ -][245]\.(\d{1,3})\.(\d{1,3})\b/.exec(reply) ?? [];
  return subject === undefined || detail === undefined ? [] : [Number(subject), Number(detail)];
}
