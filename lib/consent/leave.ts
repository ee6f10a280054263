import { and, eq, gt, isNull, notExists, sql } from "drizzle-orm";
import { bases } from "../../db/schema/consent.ts";
import { contacts, suppressions } from "../../db/schema/contacts.ts";
import { lists } from "../../db/schema/lists.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { appNow } from "../clock.ts";
import { readLink } from "../crypto/links.ts";
import { type Leave, readLeave } from "../crypto/payloads.ts";
import { journalScope, suppressionText } from "../journal/fields.ts";
import type { JournalFact } from "../journal/line.ts";
import { markApplied } from "../journal/marks.ts";
import { inTransaction, type Services } from "../services.ts";
import { openSuppressions } from "../suppression/scope.ts";
import { maskAddress } from "../text/address.ts";
import { requestFacts } from "./facts.ts";
import type { RequestFacts } from "./types.ts";
import { withdraw } from "./withdraw.ts";

/** How long the page that did it can take a leave back (design: §6, Links). */
export const UNDO_MINUTES = 30;

/** What the page behind a leave link shows. */
export type LeaveView = {
  organization: typeof organizations.$inferSelect | undefined;
  list: { id: string; name: string; locale: "it" | "en"; tone: "tu" | "lei" } | undefined;
  maskedAddress?: string;
  /** Since when she is out of the scope. */
  leftAt?: Date;
  /** The withdrawal that this page may take back for 30 minutes. */
  undo?: { event: string; until: Date };
};

export type LeaveToken = Leave & { kid: number };

/** Reads a leave link. Undefined when it was never ours: without a query, in constant time (B61, B62). */
export function readLeaveToken(s: Services, token: string): LeaveToken | undefined {
  const link = readLink(s.keys, "u", token);
  return link && { ...readLeave(link.payload), kid: link.kid };
}

/** Looks, and changes nothing. Undefined for a token that was never ours. */
export async function showLeave(
  s: Services,
  o: { token: string; scope?: "list" | "all" },
): Promise<LeaveView | undefined> {
  const token = readLeaveToken(s, o.token);
  if (!token) return undefined;
  const list = o.scope === "all" ? null : token.list;
  const at = await appNow(s.db);
  const [organization] = await s.db.select().from(organizations).where(eq(organizations.id, token.organization));
  const [named] = token.list ? await s.db.select().from(lists).where(eq(lists.id, token.list)) : [];
  const [contact] = await s.db
    .select({ address: contacts.address })
    .from(contacts)
    .where(eq(contacts.id, token.contact));
  const left = await s.db
    .select()
    .from(suppressions)
    .where(openSuppressions({ organization: token.organization, keys: [token.key], list, at }));
  const out =
    left.find((row) => row.reason === "withdrawn" && row.list === list) ??
    left.find((row) => row.reason === "withdrawn");
  const until = out && new Date(out.from.getTime() + UNDO_MINUTES * 60_000);
  return {
    organization,
    list: named,
    ...(contact ? { maskedAddress: maskAddress(contact.address) } : {}),
    ...(out ? { leftAt: out.from } : {}),
    ...(out && until && until > at ? { undo: { event: out.event, until } } : {}),
  };
}

/**
 * The person leaves (RFC 8058 one-click, or the page's button). On disk in the journal before she is answered (formats.md §4); the database follows,
 * at once or, when it does not answer, from the journal by this process or the next: she is out either way.
 * @returns undefined for a token that was never ours; `applied` false while only the journal holds it
 */
export async function leave(
  s: Services,
  o: { token: string; scope: "list" | "all"; method: "one_click_post" | "unsub_page"; request: RequestFacts },
): Promise<{ applied: boolean } | undefined> {
  const token = readLeaveToken(s, o.token);
  if (!token) return undefined;
  const list = o.scope === "all" ? null : token.list;
  if (await alreadyOut(s, token, list)) return { applied: true };
  const id = s.randomId();
  const { organization, contact, kid, key } = token;
  const scope = journalScope({ list });
  const n = await journaled(s, {
    kind: "withdrawn",
    id,
    organization,
    key: suppressionText(token),
    scope,
    reason: o.method,
  });
  try {
    await inTransaction(s, async (tx) => {
      if (n !== undefined) await markApplied(tx.db, { writer: tx.journal.writer, n });
      await withdraw(tx, {
        ...{ id, organization, contact, kid, key, list, method: o.method },
        actor: { type: "subject" },
        request: requestFacts(o.request),
      });
    });
    return { applied: true };
  } catch (error) {
    if (n === undefined) throw error;
    s.log.error("leave.waits_in_journal", { event: id, code: (error as { code?: string }).code ?? "unknown" });
    return { applied: false };
  }
}

/** A journal that cannot be written is an alarm, and no reason to keep somebody who leaves: the database alone then holds it. */
async function journaled(s: Services, line: JournalFact): Promise<number | undefined> {
  try {
    return await s.journal.write(line);
  } catch (error) {
    s.log.error("journal.unwritable", { kind: line.kind, code: (error as { code?: string }).code ?? "unknown" });
    return undefined;
  }
}

/** A repeated POST finds her out and writes nothing more; one question, since thousands come at once. A database that does not answer is no reason not to write. */
async function alreadyOut(s: Services, token: LeaveToken, list: string | null): Promise<boolean> {
  const at = sql`(select app_now())`;
  const open = s.db
    .select({ id: bases.id })
    .from(bases)
    .where(
      and(
        eq(bases.contact, token.contact),
        isNull(bases.endedAt),
        gt(bases.until, at),
        list ? eq(bases.list, list) : undefined,
      ),
    );
  try {
    const out = await s.db
      .select({ id: suppressions.id })
      .from(suppressions)
      .where(
        and(
          openSuppressions({ organization: token.organization, keys: [token.key], list, at }),
          eq(suppressions.reason, "withdrawn"),
          notExists(open),
        ),
      )
      .limit(1);
    return out.length > 0;
  } catch {
    return false;
  }
}
