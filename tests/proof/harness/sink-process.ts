// The receiving server in a process of its own: no kill of a sender touches what it kept. It fsyncs before it answers 250. Options as JSON in argv,
// changes as messages; a line of its ledger is either a MAIL that came, or a message that it accepted.
import { fdatasync, openSync, writeSync } from "node:fs";
import { type Kept, type Script, type SinkOptions, startSink } from "../../support/sink.ts";
import type { Behaviour, Rule } from "./sink.ts";

const given = JSON.parse(process.argv[2] ?? "{}") as { ledger: string; port?: number; behaviour: Behaviour };
const file = openSync(given.ledger, "a");
let behaviour = given.behaviour;

let writing = false;
let waiting: (() => void)[] = [];

/** One fsync for all that came while the last one ran. */
function synced(): Promise<void> {
  const done = new Promise<void>((resolve) => waiting.push(resolve));
  if (!writing) flush();
  return done;
}

function flush(): void {
  writing = true;
  const these = waiting;
  waiting = [];
  fdatasync(file, (error) => {
    writing = false;
    if (error) throw error;
    for (const done of these) done();
    if (waiting.length > 0) flush();
  });
}

/** How often a rule met a recipient, a transaction counted once. */
const met = new Map<string, Set<number>>();

function meets(rule: Rule, i: number, { to, nth }: { to: string; nth: number }): boolean {
  if (rule.to !== undefined && !(to && new RegExp(rule.to).test(to))) return false;
  if (rule.every !== undefined && nth % rule.every !== 0) return false;
  if (rule.first === undefined) return true;
  const key = `${i} ${to}`;
  const seen = met.get(key) ?? new Set();
  if (seen.size < rule.first) seen.add(nth);
  met.set(key, seen);
  return seen.has(nth);
}

let tokens = 0;
let filled = Date.now();
const throttled = new Map<number, boolean>();

/** A server that takes so many a second and answers 454 to the rest. */
function overRate(nth: number, perSecond: number): boolean {
  const known = throttled.get(nth);
  if (known !== undefined) return known;
  const now = Date.now();
  tokens = Math.min(perSecond, tokens + ((now - filled) / 1000) * perSecond);
  filled = now;
  const over = tokens < 1;
  if (!over) tokens--;
  throttled.set(nth, over);
  return over;
}

function script(facts: { to: string; nth: number }): Script | undefined {
  const { perSecond, rules = [] } = behaviour;
  if (perSecond !== undefined && facts.to && overRate(facts.nth, perSecond))
    return { replies: { rcpt: "454 4.7.0 throttling failure: too many messages" } };
  return rules.find((rule, i) => meets(rule, i, facts))?.script;
}

const options: SinkOptions = {
  ...(given.port ? { port: given.port } : {}),
  script,
  slow: (to) =>
    behaviour.rules?.find((rule) => rule.slow && rule.to && new RegExp(rule.to).test(to))?.slow ?? behaviour.slow ?? 0,
  onCame: ({ messageId, to }) =>
    void (behaviour.tell && writeSync(file, `${JSON.stringify({ tried: messageId, to })}\n`)),
  onMail: (at) => void writeSync(file, `${JSON.stringify({ mail: at })}\n`),
  onKept(kept: Kept, message) {
    const head = message.subarray(0, message.indexOf("\r\n\r\n")).toString("latin1");
    const leave = /^list-unsubscribe:/im.test(head);
    const subject = /^subject: *(.*)$/im.exec(head)?.[1] ?? "";
    const link = behaviour.tell
      ? /^list-unsubscribe: *<([^>]+)>/im.exec(head.replace(/\r\n[ \t]+/g, " "))?.[1]?.replace(/ /g, "")
      : undefined;
    writeSync(file, `${JSON.stringify({ ...kept, leave, subject, link })}\n`);
    return synced();
  },
};
const set = () => {
  if (behaviour.connections === undefined) delete options.connections;
  else options.connections = behaviour.connections;
};
set();
const sink = await startSink(options);
process.send?.({ port: sink.port });
process.on("message", (message: { behaviour: Behaviour }) => {
  behaviour = message.behaviour;
  set();
  process.send?.({ done: true, peak: sink.peak() });
});
process.once("disconnect", () => process.exit(0));
