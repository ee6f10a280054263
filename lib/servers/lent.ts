import { and, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { servers } from "../../db/schema/servers.ts";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";
import type { Server } from "./types.ts";

export type Loan = typeof serverLoans.$inferSelect;

/** A server as an organization sends with it. `loan`: it is another organization's, lent with a share of the day. */
export type Route = { server: Server; loan: Loan | null };

/**
 * A lent server as its borrower sends with it: hers is the controller that the gate is asked for, the sender, test and production; its limits, windows, pauses and
 * connections stay those of the one server that it is.
 */
export function asLent(server: Server, loan: Loan): Server {
  const { organization, fromName, fromAddress, testedAt, testOk, testTalk, liveAt } = loan;
  const envelopeFrom = loan.envelopeFrom || fromAddress;
  // She signs with keys of her own, or nobody does: what the owner chose is about the owner's mail.
  const signs = { dkim: "ours" as const, dkimDomain: null, dkimSelector: null };
  const sender = { organization, fromName, fromAddress, envelopeFrom };
  return { ...server, ...sender, ...signs, testedAt, testOk, liveAt, testTalk };
}

/** A server of this organization, or one that is lent to it. `lock`: until the transaction ends. @throws NotFound */
export async function routeRow(db: Db, o: { organization: string; server: string; lock?: boolean }): Promise<Route> {
  if (!isUuid(o.server)) throw new NotFound("server");
  const query = db
    .select({ server: servers, loan: serverLoans })
    .from(servers)
    .leftJoin(serverLoans, openLoan(o.organization))
    .where(and(eq(servers.id, o.server), isNull(servers.removedAt)));
  const [row] = await (o.lock ? query.for("update", { of: servers }) : query);
  if (row?.server.organization === o.organization) return { server: row.server, loan: null };
  if (!row?.loan) throw new NotFound("server");
  return { server: asLent(row.server, row.loan), loan: row.loan };
}

/** What is lent to an organization, in production or not, by age. */
export async function borrowed(db: Db, organization: string): Promise<Route[]> {
  const rows = await db
    .select({ server: servers, loan: serverLoans })
    .from(serverLoans)
    .innerJoin(servers, openLoan(organization))
    .where(and(eq(serverLoans.organization, organization), isNull(servers.removedAt)))
    .orderBy(serverLoans.lentAt, servers.id);
  return rows.map(({ server, loan }) => ({ server: asLent(server, loan), loan }));
}

/** What an organization may send with for real, the one that went into production last first. */
export async function liveRoutes(db: Db, organization: string): Promise<Route[]> {
  const at = sql`case when ${servers.organization} = ${organization} then ${servers.liveAt} else ${serverLoans.liveAt} end`;
  const rows = await db
    .select({ server: servers, loan: serverLoans })
    .from(servers)
    .leftJoin(serverLoans, openLoan(organization))
    .where(
      and(
        isNull(servers.removedAt),
        // Asked by id, so that the planner goes by the two indexes of organization and not through all servers.
        inArray(
          servers.id,
          sql`(select id from servers where organization = ${organization} union all select server from server_loans where organization = ${organization})`,
        ),
        isNotNull(at),
      ),
    )
    .orderBy(desc(at), servers.id);
  return rows.map(({ server, loan }) =>
    server.organization === organization || !loan ? { server, loan: null } : { server: asLent(server, loan), loan },
  );
}

function openLoan(organization: string) {
  return and(
    eq(serverLoans.server, servers.id),
    eq(serverLoans.organization, organization),
    isNull(serverLoans.endedAt),
  );
}

/** Takes a loan out of production: its sender was refused, and a person has to mend and test it. */
export async function restLoan(db: Db, o: { server: string; organization: string }): Promise<void> {
  await db
    .update(serverLoans)
    .set({ liveAt: null, testOk: "no" })
    .where(and(eq(serverLoans.server, o.server), eq(serverLoans.organization, o.organization)));
}
