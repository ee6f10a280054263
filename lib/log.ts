import pino from "pino";
import type { Logger } from "./services.ts";

/** Names of facts that could hold a secret or name a person: whoever logs them by mistake logs nothing. */
const SECRETS = [
  "password",
  "token",
  "email",
  "address",
  "to",
  "recipient",
  "payload",
  "cookie",
  "authorization",
  "key",
];

/** Structured lines on stdout, one JSON object each. An error's text is not among its facts: a driver likes to quote values. */
export function openLog(level: string, process: "web" | "worker" | "cli"): Logger {
  const log = pino({ level, base: { process }, redact: { paths: SECRETS, censor: "…" } });
  const write =
    (at: "info" | "warn" | "error") =>
    (event: string, facts: Record<string, unknown> = {}) =>
      log[at](facts, event);
  return { info: write("info"), warn: write("warn"), error: write("error") };
}
