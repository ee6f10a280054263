import { and, eq, inArray, isNull } from "drizzle-orm";
import { confirmations, consentEvents, ledgerRecords } from "../../db/schema/consent.ts";
import { contactKeys, suppressions } from "../../db/schema/contacts.ts";
import { appNow } from "../clock.ts";
import { readScope, readSuppressionText } from "../journal/fields.ts";
import type { JournalLine } from "../journal/line.ts";
import { markApplied } from "../journal/marks.ts";
import { appendOther } from "../ledger/append.ts";
import { inTransaction, type Services } from "../services.ts";
import { eraseContact } from "./erase.ts";
import { addMonths } from "./facts.ts";
import { forgetRequest } from "./forget-request.ts";
import { NOT_ME_MONTHS } from "./refuse.ts";
import { withdraw } from "./withdraw.ts";

/** Stands in the place of a contact who is known by key alone. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

type Standing = Extract<JournalLine, { organization: string; key: string }>;

/**
 * Applies a journal line that the database lacks, and says so in the same transaction (formats.md §4). Idempotent by the line's id: a line whose
 * record exists already changes nothing. `undone`, `confirmed` and `lifted` give no consent: they only take back what they name.
 */
export function applyLine(s: Services, writer: string, line: JournalLine): Promise<void> {
  return inTransaction(s, async (tx) => {
    await markApplied(tx.db, { writer, n: line.n });
    if (!("organization" in line) || !("key" in line)) return;
    if (await recorded(tx, line.id)) return;
    if ("answers" in line) return takeBack(tx, line, line.answers);
    await apply(tx, line);
    tx.log.warn("journal.applied", { kind: line.kind, event: line.id });
  });
}

async function recorded(s: Services, id: string): Promise<boolean> {
  const [event] = await s.db.select({ id: consentEvents.id }).from(consentEvents).where(eq(consentEvents.id, id));
  const [other] = await s.db.select({ id: ledgerRecords.id }).from(ledgerRecords).where(eq(ledgerRecords.id, id));
  return (event ?? other) !== undefined;
}

async function takeBack(s: Services, line: Standing, answers: string[]): Promise<void> {
  await s.db
    .update(suppressions)
    .set({ liftedAt: await appNow(s.db), liftedBy: line.id })
    .where(
      and(
        eq(suppressions.organization, line.organization),
        inArray(suppressions.event, answers),
        isNull(suppressions.liftedAt),
      ),
    );
}

async function apply(s: Services, line: Standing & { reason: string }): Promise<void> {
  const key = readSuppressionText(line.key);
  const { organization, id } = line;
  const keys = and(eq(contactKeys.organization, organization), eq(contactKeys.key, key.key));
  const [known] = await s.db.select({ contact: contactKeys.contact }).from(contactKeys).where(keys);
  const list = readScope(line.scope).list ?? null;
  if (line.kind === "withdrawn" || line.kind === "objected") {
    const contact = known?.contact ?? NOBODY;
    await withdraw(s, { id, organization, contact, ...key, list, method: line.reason, actor: { type: "subject" } });
  } else if (line.kind === "erased" && known) {
    await eraseContact(s, { id, organization, contact: known.contact, keys: [key] });
  } else if (line.kind === "refused") {
    await refuseAll(s, line, key);
  } else {
    await byKeyAlone(s, line, { ...key, list });
  }
}

/** "It was not me" for every open request of the address. */
async function refuseAll(s: Services, line: Standing, key: { kid: number; key: Buffer }): Promise<void> {
  const at = await appNow(s.db);
  const open = await s.db
    .select()
    .from(confirmations)
    .where(
      and(
        eq(confirmations.organization, line.organization),
        eq(confirmations.key, key.key),
        isNull(confirmations.outcome),
      ),
    )
    .for("update");
  for (const [i, row] of open.entries()) {
    await forgetRequest(s, { row, outcome: "refused", event: i === 0 ? line.id : s.randomId(), at });
  }
  await insertSuppression(s, line, { ...key, list: null, reason: "not_me", at, until: addMonths(at, NOT_ME_MONTHS) });
}

async function byKeyAlone(
  s: Services,
  line: Standing & { reason: string },
  key: { kid: number; key: Buffer; list: string | null },
) {
  const at = await appNow(s.db);
  await appendOther(s, {
    v: 1,
    id: line.id,
    organization: line.organization,
    kind: line.kind === "erased" ? "contact.erased" : "suppression.added",
    at: at.toISOString(),
    suppression: { kid: `k${key.kid}`, key: key.key.toString("hex") },
  });
  await insertSuppression(s, line, { ...key, reason: line.kind === "erased" ? "erased" : line.reason, at });
}

async function insertSuppression(
  s: Services,
  line: Standing,
  o: { kid: number; key: Buffer; list: string | null; reason: string; at: Date; until?: Date },
): Promise<void> {
  const { kid, key, list, at, until } = o;
  const reason = o.reason as (typeof suppressions.$inferInsert)["reason"];
  await s.db
    .insert(suppressions)
    .values({
      id: s.randomId(),
      organization: line.organization,
      kid,
      key,
      list,
      reason,
      from: at,
      until: until ?? null,
      event: line.id,
    })
    .onConflictDoNothing();
}
