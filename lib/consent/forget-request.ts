import { and, eq, inArray } from "drizzle-orm";
import { confirmations } from "../../db/schema/consent.ts";
import { outbox, sandboxMessages } from "../../db/schema/servers.ts";
import { destroySubjects } from "../contacts/subject.ts";
import { appendOther } from "../ledger/append.ts";
import type { Services } from "../services.ts";
import type { Confirmation } from "./find-confirmation.ts";

/**
 * A request ends without a yes (expired, refused): its key is destroyed in the transaction of the record that says so, and what else held the
 * address goes with it. The record names nobody: `previous` alone (formats.md §1). What stays is events that open no more, and counters for 30 days.
 */
export async function forgetRequest(
  s: Services,
  o: { row: Confirmation; outcome: "expired" | "refused"; event: string; at: Date },
): Promise<void> {
  const { row, at } = o;
  const previous = row.events[0];
  await appendOther(s, {
    v: 1,
    id: o.event,
    organization: row.organization,
    kind: `consent.${o.outcome}`,
    at: at.toISOString(),
    ...(previous ? { previous } : {}),
  });
  await s.db
    .update(confirmations)
    .set({ outcome: o.outcome, outcomeAt: at, sealed: null })
    .where(eq(confirmations.id, row.id));
  await destroySubjects(s, { subject: row.subject }, at);
  await s.db
    .update(outbox)
    .set({ state: "dropped", payload: null, reply: null, doneAt: at })
    .where(and(eq(outbox.confirmation, row.id), inArray(outbox.state, ["queued"])));
  await s.db.update(outbox).set({ payload: null, reply: null }).where(eq(outbox.confirmation, row.id));
  await s.db
    .delete(sandboxMessages)
    .where(and(eq(sandboxMessages.organization, row.organization), eq(sandboxMessages.key, row.key)));
}
