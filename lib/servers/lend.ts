import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { servers } from "../../db/schema/servers.ts";
import { audit } from "../audit/log.ts";
import { isUuid } from "../crypto/uuid.ts";
import { DomainError, NotFound } from "../errors.ts";
import { tellStaff } from "../notices/tell-staff.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import type { Loan } from "./lent.ts";

/** Which loan, and how many messages of a day the borrower may send over it. */
export type Lending = { server: string; organization: string; perDay: number };

/**
 * Lends a sending server to another organization, with a share of each day. The borrower says from which address it sends, tests it and puts it into production; its own
 * owner sees who uses it. All shares and the owner's own mail together never exceed the limits of the server.
 * @throws LOAN_SHARE (not 1 or more, or more than the server sends a day) · LOAN_OWN · LOAN_EXISTS · NotFound
 */
export async function lend(s: Services, o: { who: Who } & Lending): Promise<void> {
  requireRight(o.who, "installation");
  return inTransaction(s, async (tx) => {
    const { server, borrower } = await bothOf(tx, o);
    if (server.organization === borrower.id) throw new DomainError("LOAN_OWN", { field: "organization" });
    checkShare(o.perDay, server.perDay);
    const fresh = { testedAt: null, testOk: null, testTalk: null, liveAt: null, endedAt: null, lentAt: sql`app_now()` };
    const lent = await tx.db
      .insert(serverLoans)
      .values({ server: server.id, organization: borrower.id, perDay: o.perDay, lentAt: sql`app_now()` as never })
      // A loan that was over begins anew: its sender is kept, test and production are not.
      .onConflictDoUpdate({
        target: [serverLoans.server, serverLoans.organization],
        set: { ...fresh, perDay: o.perDay },
        setWhere: sql`${serverLoans.endedAt} is not null`,
      })
      .returning();
    if (!lent[0]) throw new DomainError("LOAN_EXISTS", { field: "organization" });
    await recordLoan(tx, { who: o.who, loan: lent[0], what: "lent", name: server.name });
  });
}

/**
 * Changes the share of a loan; it holds from the next message on.
 * @throws LOAN_SHARE · NotFound
 */
export async function changeShare(s: Services, o: { who: Who } & Lending): Promise<void> {
  requireRight(o.who, "installation");
  return inTransaction(s, async (tx) => {
    const { server } = await bothOf(tx, o);
    checkShare(o.perDay, server.perDay);
    const loan = await change(tx, o, { perDay: o.perDay });
    await recordLoan(tx, { who: o.who, loan, what: "changed", name: server.name });
  });
}

/** Ends a loan: nothing more leaves over it. What the borrower had under way goes over its other servers, or waits. @throws NotFound */
export async function endLoan(s: Services, o: { who: Who; server: string; organization: string }): Promise<void> {
  requireRight(o.who, "installation");
  return inTransaction(s, async (tx) => {
    const { server } = await bothOf(tx, o, { closed: true });
    const loan = await change(tx, o, { endedAt: sql`app_now()`, liveAt: null });
    await recordLoan(tx, { who: o.who, loan, what: "ended", name: server.name });
  });
}

/** Words of the refusal and of the form: a share is at least one message, and at most the server's own day. */
function checkShare(perDay: number, most: number | null): void {
  const whole = Number.isInteger(perDay) && perDay >= 1 && perDay <= 100_000_000;
  if (!whole || (most !== null && perDay > most))
    throw new DomainError("LOAN_SHARE", { field: "perDay", most: most ?? 100_000_000 });
}

async function bothOf(s: Services, o: { server: string; organization: string }, { closed = false } = {}) {
  if (!isUuid(o.server) || !isUuid(o.organization)) throw new NotFound("server");
  const real = and(eq(servers.id, o.server), isNull(servers.removedAt), ne(servers.kind, "sandbox"));
  const [server] = await s.db.select().from(servers).where(real).for("update");
  const [borrower] = await s.db.select().from(organizations).where(eq(organizations.id, o.organization));
  if (!server || !borrower || (!closed && borrower.closedAt)) throw new NotFound("server");
  return { server, borrower };
}

async function change(
  s: Services,
  o: { server: string; organization: string },
  set: Record<string, unknown>,
): Promise<Loan> {
  const open = and(
    eq(serverLoans.server, o.server),
    eq(serverLoans.organization, o.organization),
    isNull(serverLoans.endedAt),
  );
  const [loan] = await s.db.update(serverLoans).set(set).where(open).returning();
  if (!loan) throw new NotFound("server");
  return loan;
}

/** In the audit of the borrower, and to its staff. */
async function recordLoan(
  s: Services,
  o: { who: Who; loan: Loan; what: "lent" | "changed" | "ended"; name: string },
): Promise<void> {
  const { server, organization, perDay } = o.loan;
  const action = `server.loan_${o.what}`;
  await audit(s, { organization, user: o.who.user, action, object: server, facts: { perDay } });
  await tellStaff(s, {
    ...{ organization, kind: "server_lent", object: server, key: `server_lent:${server}:${s.randomId()}` },
    facts: { what: o.what, name: o.name, n: perDay },
    path: o.what === "ended" ? "/servers" : `/servers/${server}`,
  });
}
