import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ANSWER_RULES, type AnswerClass, classify } from "./answers.ts";

/** As providers publish them, or as their software says them. */
const SAID: [AnswerClass, string[]][] = [
  [
    "address_dead",
    [
      "550 5.1.1 <ada@libero.it> recipient rejected",
      "550 RCPT TO:<ada@virgilio.it> User unknown",
      "511 BAD DESTINATION MAILBOX ADDRESS",
      "550 5.1.1 <ada@tiscali.it>: utente sconosciuto",
      "550 5.1.0 Indirizzo inesistente",
      "550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n550-5.1.1 double-checking the recipient's email address for typos or\r\n550 5.1.1 https://support.google.com/mail/?p=NoSuchUser - gsmtp",
      "550 5.2.1 The email account that you tried to reach is disabled. - gsmtp",
      "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
      "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [DB5EUR02FT028.eop-EUR02.prod.protection.outlook.com]",
      "554 delivery error: dd This user doesn't have a yahoo.com account (ada@yahoo.com) [0] - mta1061.mail.ne1.yahoo.com",
      "552 1 Requested mail action aborted, mailbox not found",
      "550 <ada@gmx.it>: Requested action not taken: mailbox unavailable",
      "550 5.1.1 <ada@icloud.com>: user does not exist",
      "554 5.7.1 <ada@esempio.it>: Recipient address rejected: User unknown in relay recipient table",
      "550 sorry, no mailbox here by that name. (#5.1.1)",
      "556 5.1.10 nullMX",
      "550 5.1.2 <ada@liberoo.it>: Recipient address rejected: Domain not found",
      "550 ROUTING SERVER FAILURE",
    ],
  ],
  [
    "mailbox_full",
    [
      "552 5.2.2 MAILBOX FULL (User quota exceeded)",
      "552 5.2.2 The email account that you tried to reach is over quota. - gsmtp",
      "452 4.2.2 The recipient's inbox is out of storage space.",
      "550 5.1.1 <ada@tin.it>: casella piena",
      "550 5.7.1 user is over quota",
      "554 5.2.0 STOREDRV.Deliver.Exception:QuotaExceededException; mailbox full",
    ],
  ],
  [
    "greylisted",
    [
      "450 4.2.0 <ada@esempio.it>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/esempio.it.html",
      "451 4.7.1 Greylisting in action, please come back in 00:05:00",
      "451 4.7.1 Service unavailable - try again later",
      "451 Riprovare: server occupato, torna fra 5 minuti",
    ],
  ],
  [
    "throttled",
    [
      "421 4.7.0 mail.esempio.it Error: too many connections from 192.0.2.1",
      "450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.",
      "421 Rate limit reached. Please try again later.",
      "454 4.7.0 Throttling failure: Maximum sending rate exceeded.",
      "550 MAX RCPT TO DAILY LIMIT",
      "550 Domain esempio.it has exceeded the max emails per hour (250/250 (100%)) allowed. Message discarded.",
      "552 5.0.0 iemL1p01Z0hMcT901emQ77 policy violation",
      "550 5.7.232 Your message can't be sent because your trial tenant has exceeded its daily limit for sending email to external recipients",
      "421 Max message per connection reached, closing transmission channel",
      "421 4.4.5 Server busy, try again later.",
    ],
  ],
  [
    "size",
    [
      "552 5.3.4 Message size exceeds fixed limit",
      "552 5.2.3 Your message exceeded Google's message size limits.",
      "554 5.3.4 Message too big for system",
    ],
  ],
  [
    "sender",
    [
      "553 5.7.1 <news@libreria.example>: Sender address rejected: not logged in",
      "550 SENDER REJECTED",
      "501 5.1.7 Invalid address",
      "554 Message rejected: Email address is not verified. The following identities failed the check in region EU-SOUTH-1: news@libreria.example",
      "550 mittente non autorizzato",
    ],
  ],
  [
    "authentication",
    [
      "550-5.7.26 This mail has been blocked because the sender is unauthenticated.\r\n550 5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.",
      "550 5.7.515 Access denied, sending domain LIBRERIA.EXAMPLE does not meet the required authentication level.",
      "554 5.7.5 Permanent error evaluating DMARC policy",
      "550 <ada@gmx.net>: Reject due to SPF policy. The originating IP of the message is not permitted by the domain owner",
      "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
    ],
  ],
  [
    "reputation",
    [
      "554-gmx.net (mxgmx104) Nemesis ESMTP Service not available\r\n554-No SMTP service\r\n554-IP address is block listed.\r\n554 For explanation visit https://postmaster.gmx.net/en/case?c=r0201",
      "550 5.7.606 Access denied, banned sending IP [198.51.100.222]",
      "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1",
      "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list",
      "550 mail not accepted from blacklisted IP address 192.0.2.1",
      "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
      "450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]",
      "550 5.7.25 The IP address sending this message does not have a PTR record setup",
      "550 5.7.1 <localhost>: Helo command rejected: Host not found",
    ],
  ],
  [
    "policy",
    [
      "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
      "552 5.2.0 igxL1p00E1WDM2s01gxMXG spam detected",
      "550 RELAYING NOT ALLOWED (550 Relay Disabled)",
      "554 5.7.1 <ada@esempio.it>: Relay access denied",
      "550 5.7.1 Delivery not authorized, message refused",
      "571 5.7.1 message classified as spam",
    ],
  ],
  [
    "refused",
    [
      "554 <ada@pec.it>: Messaggio rifiutato dal sistema. Indirizzo destinatario sconosciuto o non abilitato alla ricezione di posta non certificata",
      "550 5.7.1 Recipient address rejected: User temporary locked. Please try again later!",
      "554 Transaction failed",
      "550 5.6.0 Lone CR or LF in headers (see RFC5322 section 2.2)",
    ],
  ],
  ["temporary", ["451 4.3.0 Temporary System Problem. Try again later", "450 OTHER OR UNDEFINED MAIL SYSTEM STATUS"]],
];

for (const [kind, replies] of SAID) {
  test(`${replies.length} replies of providers are read as ${kind} [CB-01]`, () => {
    for (const reply of replies) assert.equal(classify(reply).class, kind, reply);
  });
}

test("each rule names its source, and none runs away on hostile text", () => {
  for (const rule of ANSWER_RULES) assert.match(rule.source, /^([a-z0-9.-]+\.[a-z]+\/\S|RFC \d+ §)/);
  // A pattern that runs away would not come back.
  for (const piece of ["user ", "a@", "message exceeds ", "<", "550-5.1.1 ", " \r\n", "client "])
    assert.ok(classify(`550 ${piece.repeat(200_000)}`).class);
});

/** What the corpus calls a reason (sisimai's words), and what a rule may call it. */
const REASONS: Record<string, AnswerClass[]> = {
  ...{ userunknown: ["address_dead"], hostunknown: ["address_dead"], hasmoved: ["address_dead"] },
  ...{ notaccept: ["address_dead"], mailboxfull: ["mailbox_full"], mesgtoobig: ["size"], exceedlimit: ["size"] },
  ...{ authfailure: ["authentication"], blocked: ["reputation", "policy"], badreputation: ["reputation"] },
  ...{ requireptr: ["reputation", "authentication"], policyviolation: ["policy", "reputation"] },
  ...{ spamdetected: ["policy", "refused"], virusdetected: ["policy"], securityerror: ["policy"] },
  ...{ notcompliantrfc: ["policy", "refused"], norelaying: ["policy"], toomanyconn: ["throttled"] },
  ...{ rejected: ["sender", "policy", "reputation", "authentication"], speeding: ["throttled"] },
  ...{ suspend: ["refused", "policy", "address_dead"], expired: ["temporary", "refused"] },
  ...{ networkerror: ["temporary", "refused"], systemerror: ["temporary", "refused"], syntaxerror: ["refused"] },
};
const CORPUS = join(import.meta.dirname, "../../../shared/inbound-corpus");

type Labelled = { reply: string; reason: string | null; hard: boolean; clear: boolean };

/** The SMTP replies that stand in the delivery reports of the corpus, with their labels. */
function labelled(): Labelled[] {
  const lines = readFileSync(join(CORPUS, "labels.jsonl"), "utf8").trim().split("\n");
  return lines.flatMap((line) => {
    const label = JSON.parse(line);
    if (label.kind !== "bounce" || label.disputed) return [];
    const text = readFileSync(join(CORPUS, label.file), "latin1").replace(/\r?\n[ \t]+/g, " ");
    const said = new Map<string, string>();
    for (const block of text.split(/\r?\n\s*\r?\n/)) {
      const to = /^(?:final|original)-recipient:[^;]*;\s*<?([^\s>]+)/im.exec(block)?.[1]?.toLowerCase();
      const reply = /^diagnostic-code:\s*smtp\s*;.*?\b([45]\d\d[ -].*)$/im.exec(block)?.[1];
      if (to && reply) said.set(to, reply);
    }
    return label.deliveries.flatMap((one: { recipient?: string; reason: string | null; hard: boolean }) => {
      const alone = label.deliveries.length === 1 && said.size === 1 ? [...said.values()][0] : undefined;
      const reply = said.get((one.recipient ?? "").toLowerCase()) ?? alone;
      return reply ? [{ reply, reason: one.reason, hard: one.hard, clear: label.hs_clear === true }] : [];
    });
  });
}

/** The corpus may be read, not copied: where it does not lie beside the project there is no such test, and that is said. */
const withCorpus: typeof test | ((title: string, run: unknown) => void) = existsSync(CORPUS)
  ? test
  : (title: string) => console.error(`not run, the corpus of real bounces is not beside the project: ${title}`);

withCorpus("replies of real bounces: who is dead, who is not, and why [CB-01]", (t: TestContext) => {
  const all = labelled();
  const known = all.filter((one) => one.reason && REASONS[one.reason]);
  const right = known.filter((one) => REASONS[one.reason ?? ""]?.includes(classify(one.reply).class));
  const dead = (one: Labelled) => one.reply.startsWith("5") && classify(one.reply).class === "address_dead";
  const clear = all.filter((one) => one.clear);
  const [hard, soft] = [clear.filter((one) => one.hard), clear.filter((one) => !one.hard)];
  const [recall, wrong] = [hard.filter(dead).length / hard.length, soft.filter(dead).length / soft.length];
  t.diagnostic(
    `${right.length} of ${known.length} reasons, ${(100 * recall).toFixed(1)} % of ${hard.length} dead addresses found, ${(100 * wrong).toFixed(1)} % of ${soft.length} living ones called dead`,
  );
  assert.ok(known.length > 150 && hard.length > 50, "the corpus was not read");
  assert.ok(right.length / known.length >= 0.94);
  assert.ok(recall >= 0.93);
  assert.ok(wrong <= 0.025);
});
