import { createHash } from "node:crypto";
import { and, eq, getTableColumns, inArray, sql } from "drizzle-orm";
import { confirmations } from "../../db/schema/consent.ts";
import { outbox } from "../../db/schema/servers.ts";
import { appNow } from "../clock.ts";
import { openSubject } from "../contacts/subject.ts";
import { open, openWith } from "../crypto/sealed.ts";
import { appendPerson } from "../ledger/append.ts";
import type { Answer } from "../servers/answer.ts";
import { carrierSql, staffOrganizationSql } from "../servers/carrier.ts";
import { routeRow } from "../servers/lent.ts";
import { shareSql } from "../servers/loan-windows.ts";
import { type LogLine, logLine } from "../servers/log-line.ts";
import { replyText } from "../servers/reply.ts";
import type { Server } from "../servers/types.ts";
import { giveBack, reserve } from "../servers/windows.ts";
import { inTransaction, type Services } from "../services.ts";
import { domainOf } from "../text/address.ts";
import { cleanText } from "../text/clean.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { notPaused } from "./pause-sending.ts";
import type { SystemMail } from "./system-types.ts";

/** SQL: whose mail a row of the outbox is carried as; that to the installation's staff goes as an organization's. */
const carriedAs = sql<string>`coalesce(${outbox.organization}, ${staffOrganizationSql})`;

/**
 * The rows that a server carries: those of organizations whose carrier it is at this moment, its own or one that borrows it and whose share of the day is not used up.
 * The few organizations are found first, so that a long queue asks nothing a row.
 */
const carriedBy = (server: Server) => sql`${carriedAs} in (
  select u.organization from (
    select organization from servers where id = ${server.id}
    union select organization from server_loans where server = ${server.id} and ended_at is null and live_at is not null
  ) u where ${carrierSql(sql`u.organization`)} = ${server.id}
     and not exists (select from (${shareSql(server.id, sql`u.organization`, sql`(select app_now())`)}) x where x.room_system <= 0))`;

/** How many are due, ten at most: enough to know how many connections are wanted. */
export async function systemDue(s: Services, server: Server): Promise<number> {
  const due = and(eq(outbox.state, "queued"), sql`${outbox.dueAt} <= (select app_now())`, carriedBy(server));
  const rows = await s.db.select({ id: outbox.id }).from(outbox).where(due).limit(10);
  return rows.length;
}

/** A mail with the server as its organization sends over it, and the instant at which it was counted. */
export type TakenMail = { mail: SystemMail; as: Server; at: Date };
export type Taken = { mails: TakenMail[]; waitMs: number };

/**
 * Moves up to `n` due rows to `sending` with this epoch and reserves them in the server's windows, in one transaction, oldest first.
 * A row whose key is gone (request expired, refused, person erased) is dropped: there is nobody to write to. One for a domain that the server has no room for
 * waits until that window ends, and keeps no other waiting.
 */
export function takeSystem(s: Services, o: { server: Server; epoch: number; n: number }): Promise<Taken> {
  return inTransaction(s, async (tx) => {
    const due = and(
      eq(outbox.state, "queued"),
      sql`${outbox.dueAt} <= (select app_now())`,
      carriedBy(o.server),
      mayLeave(o),
    );
    const rows = await tx.db
      .select({ ...getTableColumns(outbox), as: carriedAs })
      .from(outbox)
      .where(due)
      .orderBy(outbox.dueAt, outbox.id)
      .limit(o.n)
      .for("update", { skipLocked: true });
    const opened: Opened[] = [];
    for (const row of rows) {
      const payload = await openPayload(tx, row);
      if (payload) opened.push({ row, payload });
      else
        await tx.db
          .update(outbox)
          .set({ state: "dropped", payload: null, doneAt: sql`app_now()` })
          .where(eq(outbox.id, row.id));
    }
    const { granted, waitMs } = await grant(tx, { server: o.server, opened });
    if (granted.length > 0) {
      await tx.db
        .update(outbox)
        .set({ state: "sending", epoch: o.epoch, server: o.server.id, tries: sql`${outbox.tries} + 1` })
        .where(
          inArray(
            outbox.id,
            granted.map(({ row }) => row.id),
          ),
        );
    }
    return { mails: granted.map(({ row, payload, as, at }) => ({ mail: mailOf({ row, payload }), as, at })), waitMs };
  });
}

type Row = typeof outbox.$inferSelect & { as: string };
type Opened = { row: Row; payload: Record<string, unknown> };

type Granted = Opened & { as: Server; at: Date };

/** Reserves what may leave now, for each organization in its own share. */
async function grant(
  s: Services,
  { server, opened }: { server: Server; opened: Opened[] },
): Promise<{ granted: Granted[]; waitMs: number }> {
  const granted: Granted[] = [];
  let waitMs = 0;
  for (const organization of new Set(opened.map(({ row }) => row.as))) {
    const mine = opened.filter(({ row }) => row.as === organization);
    const domains = mine.map(({ payload }) => recipientDomain(payload));
    const asked = { server: server.id, organization, kind: "system" as const, n: mine.length, domains };
    const got = await reserve(s.db, asked);
    const { server: as } = await routeRow(s.db, { organization, server: server.id });
    granted.push(...got.granted.flatMap((i) => mine[i] ?? []).map((one) => ({ ...one, as, at: got.at })));
    for (const { i, at } of got.later) {
      const row = mine[i]?.row;
      if (row) await s.db.update(outbox).set({ dueAt: at }).where(eq(outbox.id, row.id));
    }
    if (got.n < mine.length) waitMs = Math.max(waitMs, got.waitMs);
  }
  return { granted, waitMs };
}

const recipientDomain = (payload: Record<string, unknown>) => domainOf(String(payload.to ?? ""));

const mailOf = ({ row, payload }: Opened): SystemMail => ({
  ...{
    id: row.id,
    organization: row.organization,
    kind: row.kind,
    confirmation: row.confirmation,
    subject: row.subject,
  },
  ...{ tries: row.tries + 1, payload, createdAt: row.createdAt },
});

/** Asked in the same statement as the rows: restore lock, server, and whether this epoch still stands. */
function mayLeave(o: { server: Server; epoch: number }) {
  return sql`not exists (select from installation where locked_since is not null)
    and exists (select from servers where id = ${o.server.id} and paused_at is null and removed_at is null)
    and exists (select from processes where epoch = ${o.epoch} and ended_at is null)
    and (outbox.organization is null or ${notPaused(sql`outbox.organization`)})`;
}

async function openPayload(s: Services, row: Row): Promise<Record<string, unknown> | undefined> {
  if (!row.payload) return undefined;
  const place = { table: "outbox", row: row.id, column: "payload" };
  const subject = row.subject ? await openSubject(s, row.subject) : undefined;
  if (row.subject && !subject) return undefined;
  const plain = subject ? openWith(subject.key, place, row.payload) : open(s.keys, place, row.payload);
  return JSON.parse(plain.toString());
}

/** The Message-ID of a system mail: the same in each copy (at least once means that there may be two). */
export function systemMessageId(id: string, server: Server): string {
  return `<o.${id}@${server.fromAddress.slice(server.fromAddress.lastIndexOf("@") + 1)}>`;
}

export type SystemSent = {
  mail: SystemMail;
  /** As its organization sends over it. */
  server: Server;
  messageId: string;
  raw: Buffer;
  answer: Answer;
  reservedAt: Date;
};

/** Writes what became of a system mail; of a confirmation that was accepted also the event (CC-05: Message-ID, SHA-256 and reply of the mail). */
export async function recordSystem(s: Services, o: SystemSent): Promise<Outcome> {
  const { mail, answer } = o;
  const outcome = outcomeOf(answer, mail.tries);
  await inTransaction(s, async (tx) => {
    const set = after(outcome, o);
    // A copy that another process has queued again meanwhile was sent all the same: the answer counts.
    const mine = and(eq(outbox.id, mail.id), inArray(outbox.state, ["sending", "queued"]));
    const [row] = await tx.db.update(outbox).set(set).where(mine).returning({ id: outbox.id });
    if (row && outcome.state === "accepted" && mail.kind === "confirmation") await recordAccepted(tx, o);
    if (row) await logLine(tx.db, lineOf(outcome, o));
  });
  if (answer.untouched) await giveBackSystem(s, { mail, server: o.server, at: o.reservedAt });
  return outcome;
}

function lineOf(outcome: Outcome, o: SystemSent): LogLine {
  const to = String(o.mail.payload.to ?? "");
  return {
    ...{ server: o.server.id, organization: o.mail.organization, outbox: o.mail.id, domain: domainOf(to) },
    outcome: o.answer.untouched && o.answer.code === undefined ? "connection" : outcome.state,
    ...{ reason: outcome.reason, reply: replyText(o.answer.reply, to) },
  };
}

/** Minutes before a copy whose answer was lost is sent once more. */
const AGAIN = [10, 30, 120, 720];

function after(outcome: Outcome, o: SystemSent) {
  const reply = replyText(o.answer.reply, String(o.mail.payload.to ?? ""));
  const sha256 = createHash("sha256").update(o.raw).digest();
  const final = { messageId: o.messageId, sha256, reply, payload: null, doneAt: sql`app_now()`, epoch: null };
  if (outcome.state === "accepted") return { state: "accepted" as const, ...final };
  // What waits for the server keeps waiting; only an answer about this mail ends it.
  if (outcome.state === "rejected") return { state: "failed" as const, ...final };
  const minutes = AGAIN[o.mail.tries - 1] ?? 720;
  const wait = outcome.state === "uncertain" ? minutes * 60 : (outcome.wait ?? 60);
  return { state: "queued" as const, dueAt: sql`app_now() + ${wait} * interval '1 second'`, reply, epoch: null };
}

async function recordAccepted(s: Services, o: SystemSent): Promise<void> {
  const { mail, server } = o;
  const simulated = server.kind === "sandbox";
  if (!mail.confirmation || !mail.subject || !mail.organization) return;
  const [row] = await s.db
    .update(confirmations)
    .set({ simulated })
    .where(eq(confirmations.id, mail.confirmation))
    .returning({ list: confirmations.list, events: confirmations.events });
  const subject = await openSubject(s, mail.subject);
  if (!row || !subject) return;
  await appendPerson(s, {
    subject,
    record: {
      v: 1,
      id: s.randomId(),
      organization: mail.organization,
      kind: "consent.mail_accepted",
      at: (await appNow(s.db)).toISOString(),
      address: String(mail.payload.to),
      list: row.list,
      actor: { type: "system" },
      method: "smtp",
      mail: {
        message_id: o.messageId,
        sha256: createHash("sha256").update(o.raw).digest("hex"),
        reply: cleanText(o.answer.reply).slice(0, 500),
        server: server.id,
        simulated,
      },
      ...(row.events[0] ? { previous: row.events[0] } : {}),
    },
  });
}

/** Nothing was sent: the mail waits for so many seconds, and its reservation is given back. */
export async function postponeSystem(
  s: Services,
  o: { mail: SystemMail; server: Server; at: Date; seconds: number; reason: string | null },
): Promise<void> {
  const dueAt = sql`app_now() + ${o.seconds} * interval '1 second'`;
  await s.db
    .update(outbox)
    .set({ state: "queued", epoch: null, dueAt, ...(o.reason ? { reply: o.reason } : {}) })
    .where(and(eq(outbox.id, o.mail.id), eq(outbox.state, "sending")));
  await giveBackSystem(s, o);
}

function giveBackSystem(s: Services, o: { mail: SystemMail; server: Server; at: Date }): Promise<void> {
  const { id: server, organization } = o.server;
  const domain = recipientDomain(o.mail.payload);
  return giveBack(s.db, { server, organization, kind: "system", domain, at: o.at });
}
