import { sql } from "drizzle-orm";
import { routeRow } from "../servers/lent.ts";
import type { Services } from "../services.ts";
import { maskAddress } from "../text/address.ts";
import { requireRight, seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** A line of a server's log as pages show it. `to` null: no recipient was named, she was erased, or it is mail of the program itself. */
export type ServerLine = {
  n: number;
  at: Date;
  to: string | null;
  domain: string | null;
  campaign: { id: string; name: string } | null;
  outcome: string;
  reason: string | null;
  reply: string | null;
};

/** How many lines a page shows: as many as the panels of the hosts do. */
export const LINES = 200;
/** Lines that are looked through for those of a domain, of an outcome, or of a borrower: none of them is in the index. */
const LOOKED_AT = 20_000;

export type LineFilter = { domain?: string; outcome?: string };

/**
 * The newest lines of a server's log, newest first; with `after`, the newest of those after a line, oldest first: whoever is behind sees what is new, not what is old.
 * Addresses are looked up by the delivery and masked for auditors.
 * @throws NotFound
 */
// Limit → "Index Scan Backward using server_log_of" (server = s), then each delivery, contact and campaign by its key.
export async function serverLines(
  s: Services,
  o: { who: Who; server: string; after?: number } & LineFilter,
): Promise<ServerLine[]> {
  requireRight(o.who, "servers.see");
  const { server, loan } = await routeRow(s.db, { organization: o.who.organization, server: o.server });
  const { organization } = o.who;
  // A borrower reads her own lines.
  const wanted = sql`${loan ? sql`and organization = ${organization}::uuid` : sql``} ${o.domain ? sql`and domain = ${o.domain}` : sql``}
    ${o.outcome ? sql`and outcome = ${o.outcome}` : sql``}`;
  const { rows } = await s.db.execute<Record<string, unknown>>(sql`
    with looked_at as materialized (
      select * from server_log where server = ${server.id}::uuid ${o.after === undefined ? sql`` : sql`and n > ${o.after}`}
       order by n desc limit ${loan || o.domain || o.outcome ? LOOKED_AT : LINES}
    ),
    lines as materialized (select * from looked_at where true ${wanted} order by n desc limit ${LINES})
    select l.n, l.at, l.domain, l.outcome, l.reason, l.reply, c.address, p.id as campaign, p.name
      from lines l
      left join deliveries d on d.campaign = l.campaign and d.position = l.position
      left join contacts c on c.id = d.contact and c.organization = ${organization}::uuid
      left join campaigns p on p.id = l.campaign and p.organization = ${organization}::uuid
     order by l.n ${o.after === undefined ? sql`desc` : sql``}`);
  return rows.map((row) => lineOf(row, o.who));
}

function lineOf(row: Record<string, unknown>, who: Who): ServerLine {
  const { address, campaign, name, domain, outcome, reason, reply } = row as Record<string, string | null>;
  return {
    ...{ n: Number(row.n), at: new Date(String(row.at)), domain: domain ?? null, outcome: outcome ?? "" },
    ...{ reason: reason ?? null, reply: reply ?? null },
    to: address ? (seesAddresses(who) ? address : maskAddress(address)) : null,
    campaign: campaign && name ? { id: campaign, name } : null,
  };
}
