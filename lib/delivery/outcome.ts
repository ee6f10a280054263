import type { Answer } from "../servers/answer.ts";
import { type AnswerClass, classify } from "./answers.ts";

/** What is written into the row. `wait` in seconds, for `deferred` only. */
export type Outcome = {
  state: "accepted" | "rejected" | "deferred" | "uncertain";
  reason: string | null;
  wait: number | null;
  effect: Effect;
};

/**
 * What an answer means beyond its row.
 * - suppress: the address is dead · slower: fewer connections · wait_domain: her domain defers us for what it thinks of us
 * - stop_domain: a rule of the receiving side; when a second domain has one, the server stops (`effect.ts`)
 * - pause_sender, pause_auth, pause_throttled: the server itself does not want us · too_large: no message of this campaign fits
 */
export type Effect =
  | "none"
  | "suppress"
  | "slower"
  | "wait_domain"
  | "stop_domain"
  | "pause_sender"
  | "pause_auth"
  | "pause_throttled"
  | "too_large";

/** Seconds before the n-th repeat: greylisting wants minutes, a server that is down hours. */
const REPEATS = [300, 900, 1800, 3600, 7200, 14_400, 28_800];
/** Too much at once: soon, and then less and less often. */
const CROWDED = [60, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800];
/** A full mailbox is emptied within a day or two, or not at all. */
const FULL = [7200, 28_800, 86_400];
/** Five days of repeats, then the row is rejected (RFC 5321 4.5.4.1: at least 4-5 days). */
const MOST_TRIES = 20;
/** A connection that broke before the message, or a server that pauses: nothing was said of this row. */
const BROKEN = 60;

const kept = (state: Outcome["state"], reason: string | null, effect: Effect = "none"): Outcome => ({
  state,
  reason,
  wait: null,
  effect,
});

const later = (reason: string, waits: number[], tries: number, effect: Effect = "none"): Outcome => ({
  state: "deferred",
  reason,
  wait: waits[tries - 1] ?? waits.at(-1) ?? BROKEN,
  effect,
});

/**
 * What an answer means for the row, and beyond it (RFC 5321 4.2.1, RFC 3463): the rules of `answers.ts` say what it is about, this says what is done.
 * 4xx: deferred with a schedule. A dead address is suppressed; a rule of the receiving side suppresses nobody. No code: uncertain once the message had begun.
 * @param tries how often the row was attempted, this time included
 */
export function outcomeOf(a: Answer, tries: number): Outcome {
  if (a.code === undefined) {
    return a.begun ? kept("uncertain", "answer_lost") : { ...kept("deferred", "connection_lost"), wait: BROKEN };
  }
  if (a.code < 400) return kept("accepted", null);
  const about = classify(a.reply);
  return a.code < 500 ? temporary(a, about, tries) : permanent(a, about, tries);
}

type About = { class: AnswerClass; alone: boolean };

function temporary(a: Answer, about: About, tries: number): Outcome {
  if (about.class === "mailbox_full") return full(tries);
  if (tries >= MOST_TRIES) return kept("rejected", "deferred_too_long");
  // Before MAIL is answered no recipient was named: what is said then is about us, not her domain.
  if (about.class === "reputation" || about.class === "authentication")
    return later(about.class, REPEATS, tries + 1, a.command === "mail" ? "slower" : "wait_domain");
  if (about.class === "throttled" || a.code === 421 || a.code === 454)
    return later("slow_down", CROWDED, tries, about.class === "throttled" && about.alone ? "none" : "slower");
  return later(about.class === "greylisted" ? "greylisted" : "later", REPEATS, tries);
}

/** RFC 3463 3.3: X.2.2 is a persistent transient condition, whatever its class. Repeated, it is given up, and nobody is suppressed. */
function full(tries: number): Outcome {
  return tries > FULL.length ? kept("rejected", "mailbox_full") : later("mailbox_full", FULL, tries);
}

function permanent(a: Answer, about: About, tries: number): Outcome {
  // 530 and 535 ask for, or refuse, our credentials wherever they come (RFC 4954 6).
  if (a.command === "auth" || a.code === 530 || a.code === 535) return again("server_refused_login", "pause_auth");
  if (about.class === "throttled" && !about.alone) return again("slow_down", "pause_throttled");
  // MAIL FROM speaks of the sender, or of the size that was announced: no recipient was even named.
  if (a.command === "mail" && about.class === "size") return again("too_large", "too_large");
  if (a.command === "mail" || about.class === "sender") return again("sender_refused", "pause_sender");
  // RFC 6531 3.7.4.2: the address may be alive; this server cannot carry it.
  if (/^5\d\d[ -]5\.6\.7\b/.test(a.reply)) return kept("rejected", "needs_smtputf8");
  switch (about.class) {
    case "address_dead":
      return kept("rejected", "hard_bounce", "suppress");
    case "mailbox_full":
      return full(tries);
    case "throttled":
    case "greylisted":
      return temporary(a, about, tries);
    case "policy":
    case "reputation":
    case "authentication":
      return kept("rejected", about.class, "stop_domain");
    case "size":
      return kept("rejected", "too_large");
    default:
      return kept("rejected", "refused");
  }
}

/** The row is not to blame: tried again once the server works. */
function again(reason: string, effect: Effect): Outcome {
  return { state: "deferred", reason, wait: BROKEN, effect };
}
