import type { TalkStep } from "../../db/schema/servers.ts";
import type { Answer } from "./answer.ts";
import { greetedAddress } from "./our-address.ts";
import { replyText } from "./reply.ts";
import type { Line } from "./watch.ts";

/** Steps of a test, in order. What a route does not do (no encryption, no login) is left out. */
export const STEPS = ["dns", "tcp", "greeting", "tls", "auth", "mail", "rcpt", "message"] as const;
export type Step = (typeof STEPS)[number];

const OF_VERB: Record<string, Step> = {
  EHLO: "greeting",
  HELO: "greeting",
  STAR: "tls",
  AUTH: "auth",
  MAIL: "mail",
  RCPT: "rcpt",
  DATA: "message",
};

/** Lines of one reply that are kept: EHLO's answer may be long. */
const MOST_LINES = 16;

/** Writes down a talk with a server as steps in plain words: each with what the server said. */
export class Talk {
  private readonly said = new Map<Step, string>();
  private readonly reached = new Set<Step>();
  private readonly facts = new Map<Step, NonNullable<TalkStep["facts"]>>();
  /** Our end of the connection, and the address that the server greets. */
  seen: { socket?: string; ehlo?: string } = {};
  private waiting: Step[] = ["greeting"];
  private readonly steps: Step[];

  constructor(route: { encryption: "none" | "starttls" | "tls"; auth: "none" | "password" | "oauth2" }) {
    this.steps = STEPS.filter(
      (step) => (step !== "tls" || route.encryption !== "none") && (step !== "auth" || route.auth !== "none"),
    );
  }

  reach(step: Step): void {
    this.reached.add(step);
  }

  /** What a step has shown beside the server's words. */
  note(step: Step, facts: NonNullable<TalkStep["facts"]>): void {
    this.facts.set(step, { ...this.facts.get(step), ...facts });
  }

  /** Takes one line of the conversation. */
  line(line: Line, encryption: "none" | "starttls" | "tls"): void {
    if (line.who === "network") {
      this.reach("tcp");
      this.seen.socket = line.text;
      if (encryption === "tls") this.reach("tls");
    } else if (line.who === "client") {
      // What follows AUTH (base64) is a part of it; credentials are not in the line.
      this.waiting.push(OF_VERB[line.text.slice(0, 4).toUpperCase()] ?? "auth");
    } else {
      const step = this.waiting.shift() ?? "message";
      // Only what looks like SMTP is shown: a test is no way to read the banners of other services (B89).
      const lines = line.text.split(/\r?\n/).slice(0, MOST_LINES);
      if (lines.every((one) => /^\d{3}[ -]/.test(one)))
        this.said.set(step, lines.map((one) => replyText(one)).join("\n"));
      if (/^[23]/.test(line.text)) this.reach(step);
      const greeted = step === "greeting" && line.text.startsWith("250") ? greetedAddress(line.text) : undefined;
      if (greeted) this.seen.ehlo = greeted;
    }
  }

  /** All steps went well. */
  done(): TalkStep[] {
    return this.steps.map((step) => this.told(step, true));
  }

  /** The steps up to the one that failed, and why. */
  failed(step: Step, reason: string): TalkStep[] {
    const good = this.steps.slice(0, this.steps.indexOf(step));
    return [
      ...good.map((one) => this.told(one, true)),
      { ...this.told(step, false), text: `servers.talk.reason.${reason}` },
    ];
  }

  /** Which step an answer failed at: the first that was not reached, where the connection just went. */
  stepOf(answer: Answer): Step {
    const named: Partial<Record<Answer["command"], Step>> = {
      tls: "tls",
      auth: "auth",
      mail: "mail",
      rcpt: "rcpt",
      data: "message",
      message: "message",
    };
    const step = named[answer.command];
    if (step && this.steps.includes(step)) return step;
    return this.steps.find((one) => one !== "dns" && !this.reached.has(one)) ?? "message";
  }

  private told(step: Step, ok: boolean): TalkStep {
    const said = this.said.get(step);
    const facts = this.facts.get(step);
    return {
      ...{ step, ok },
      ...(said ? { code: Number(said.slice(0, 3)), said } : {}),
      ...(facts ? { facts } : {}),
    };
  }
}

/** Why a step failed, as a code word of `servers.talk.reason`. */
export function reasonOf(answer: Answer): string {
  const { command, code, reply } = answer;
  if (command === "tls") {
    if (/has expired|not yet valid/i.test(reply)) return "certificate_expired";
    return /certificate|altname|self[- ]signed|issuer/i.test(reply) ? "certificate" : "no_encryption";
  }
  if (reply.startsWith("token: ")) return code === undefined ? "token_unreachable" : "token_refused";
  if (command === "auth") return code === undefined ? "no_login" : "password";
  if (code === undefined) {
    if (/ECONNREFUSED/.test(reply)) return "refused";
    if (/EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/.test(reply)) return "unreachable";
    if (/time-?out|ETIMEDOUT|Greeting never|no answer/i.test(reply)) return "silent";
    return "closed";
  }
  if (code < 500) return "later";
  if (code === 530 || code === 535) return "password";
  if (command === "mail") return "sender";
  return /^\d{3}[ -]5\.7/.test(reply) ? "policy" : command === "rcpt" ? "recipient" : "refused_message";
}
