import { and, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { servers } from "../../db/schema/servers.ts";
import { NotFound } from "../errors.ts";
import { UUID } from "./find.ts";
import type { Server } from "./types.ts";

export type Loan = typeof serverLoans.$inferSelect;

/** A server as an organization sends with it. `loan`: it is another organization's, lent with a share of the day. */
export type Route = { server: Server; loan: Loan | null };

/**
 * A lent server as its borrower sends with it: hers is the controller that the gate is asked for, the sender, test and production; its limits, windows, pauses and
 * connections stay those of the one server that it is.
 */
export function asLent(server: Server, loan: Loan): Server {
  const { organization, fromName, fromAddress, testedAt, testOk, liveAt } = loan;
  const envelopeFrom = loan.envelopeFrom || fromAddress;
  // She signs with keys of her own, or nobody does: what the owner chose is about the owner's mail.
  const signs = { dkim: "ours" as const, dkimDomain: null, dkimSelector: null };
  const sender = { organization, fromName, fromAddress, envelopeFrom };
  return { ...server, ...sender, ...signs, testedAt, testOk, liveAt, testTalk: null };
}

/** A server of this organization, or one that is lent to it. @throws NotFound */
export async function routeRow(db: Db, o: { organization: string; server: string }): Promise<Route> {
  if (!UUID.test(o.server)) throw new NotFound("server");
  const [row] = await db
    .select({ server: servers, loan: serverLoans })
    .from(servers)
    .leftJoin(serverLoans, openLoan(o.organization))
    .where(and(eq(servers.id, o.server), isNull(servers.removedAt)));
  if (row?.server.organization === o.organization) return { server: row.server, loan: null };
  if (!row?.loan) throw new NotFound("server");
  return { server: asLent(row.server, row.loan), loan: row.loan };
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
