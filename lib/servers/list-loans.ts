import { and, asc, eq, isNull, ne, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { organizations } from "../../db/schema/organizations.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { servers } from "../../db/schema/servers.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { usedOfLoanSql } from "./loan-windows.ts";

export type LoanRow = {
  server: string;
  name: string;
  owner: string;
  organization: string;
  borrower: string;
  perDay: number;
  /** What the server itself may send a day; null: no limit. */
  most: number | null;
  used: number;
  liveAt: Date | null;
  lentAt: Date;
};

/** All loans that are open, for the operator. */
export async function listLoans(s: Services, o: { who: Who }): Promise<LoanRow[]> {
  requireRight(o.who, "installation");
  const owner = alias(organizations, "owner");
  const { server, organization, perDay, liveAt, lentAt } = serverLoans;
  return s.db
    .select({
      ...{ server, organization, perDay, liveAt, lentAt, name: servers.name, most: servers.perDay },
      ...{ owner: owner.legalName, borrower: organizations.legalName },
      used: sql<number>`${usedOfLoanSql(sql`server_loans.server`, sql`server_loans.organization`)}`.mapWith(Number),
    })
    .from(serverLoans)
    .innerJoin(servers, eq(servers.id, server))
    .innerJoin(owner, eq(owner.id, servers.organization))
    .innerJoin(organizations, eq(organizations.id, organization))
    .where(and(isNull(serverLoans.endedAt), isNull(servers.removedAt)))
    .orderBy(asc(servers.name), asc(server), asc(organizations.legalName));
}

/** What may be lent, and to whom: real servers, open organizations that are no demonstration. */
export async function lendable(
  s: Services,
  o: { who: Who },
): Promise<{ servers: { id: string; name: string; owner: string }[]; organizations: { id: string; name: string }[] }> {
  requireRight(o.who, "installation");
  const open = and(isNull(organizations.closedAt), eq(organizations.demo, false));
  const found = await s.db
    .select({ id: servers.id, name: servers.name, owner: organizations.legalName })
    .from(servers)
    .innerJoin(organizations, eq(organizations.id, servers.organization))
    .where(and(open, ne(servers.kind, "sandbox"), isNull(servers.removedAt)))
    .orderBy(asc(servers.name), asc(servers.id));
  const all = await s.db
    .select({ id: organizations.id, name: organizations.legalName })
    .from(organizations)
    .where(open)
    .orderBy(asc(organizations.legalName), asc(organizations.id));
  return { servers: found, organizations: all };
}

/** To whom a server of this organization is lent, for its owner. @throws NotFound */
export async function borrowersOf(
  s: Services,
  o: { who: Who; server: string },
): Promise<{ name: string; perDay: number; used: number; liveAt: Date | null }[]> {
  requireRight(o.who, "servers.see");
  const { perDay, liveAt } = serverLoans;
  return s.db
    .select({
      ...{ name: organizations.legalName, perDay, liveAt },
      used: sql<number>`${usedOfLoanSql(sql`server_loans.server`, sql`server_loans.organization`)}`.mapWith(Number),
    })
    .from(serverLoans)
    .innerJoin(servers, eq(servers.id, serverLoans.server))
    .innerJoin(organizations, eq(organizations.id, serverLoans.organization))
    .where(
      and(
        sql`${servers.id}::text = ${o.server}`,
        eq(servers.organization, o.who.organization),
        isNull(serverLoans.endedAt),
      ),
    )
    .orderBy(asc(organizations.legalName));
}
