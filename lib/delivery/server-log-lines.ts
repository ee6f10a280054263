/** A delivery as its Message-ID names it (`c{campaign number}.{position}.{end of the snapshot}@…`, lib/delivery/claim.ts), and the line that says it was taken. */
export type LoggedAcceptance = { number: number; position: number; snapshot: string; line: string };

const MESSAGE_ID = /\bc(\d{1,10})\.(\d{1,10})\.([0-9a-f]{12})@[\w.-]+/;
/** Postfix: `…[pid]: QUEUEID: …`. */
const POSTFIX_ID = /\]: ([0-9A-Za-z]{6,20}): /;
/** What Postfix says of a message once it has taken it: queued by qmgr, or passed on by smtp, local, virtual, pipe. */
const POSTFIX_TAKEN = /queue active\)|, status=(sent|deferred|bounced|expired)\b/;
/** Exim: `<=` with `id=` is written when the message was taken; Sendmail: `from=…, msgid=<…>` likewise, after the final dot. */
const TAKEN_IN_ONE_LINE = /\s<=\s.*\bid=|\bfrom=.*\bmsgid=</;

/**
 * Which of our messages a server's own log says that it took. Postfix names the Message-ID and the acceptance in different lines, joined by the queue id; Exim and
 * Sendmail in one. A line that only names the Message-ID (Postfix `cleanup`, before the final dot) proves nothing.
 * @param text lines as pasted or uploaded, in any order
 */
export function acceptedInLog(text: string): LoggedAcceptance[] {
  const found = new Map<string, LoggedAcceptance>();
  const [named, taken] = [new Map<string, LoggedAcceptance>(), new Map<string, string>()];
  for (const line of text.split(/\r?\n/)) {
    const queue = POSTFIX_ID.exec(line)?.[1];
    const id = MESSAGE_ID.exec(line);
    const one = id && { number: Number(id[1]), position: Number(id[2]), snapshot: id[3] ?? "", line: line.trim() };
    if (one && TAKEN_IN_ONE_LINE.test(line)) found.set(id[0], one);
    else if (one && queue) named.set(queue, one);
    if (queue && POSTFIX_TAKEN.test(line)) taken.set(queue, line.trim());
  }
  for (const [queue, one] of named) {
    const line = taken.get(queue);
    if (line) found.set(`${one.number}.${one.position}.${one.snapshot}`, { ...one, line });
  }
  return [...found.values()];
}
