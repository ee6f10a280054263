import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { organizations } from "../../../db/schema/organizations.ts";
import { serverLoans } from "../../../db/schema/server-history.ts";
import { servers } from "../../../db/schema/servers.ts";
import { isUuid } from "../../crypto/uuid.ts";
import { NotFound } from "../../errors.ts";
import type { Services } from "../../services.ts";
import type { Server } from "../types.ts";
import type { Sender } from "./context.ts";

/** Everybody who sends over a real server: its owner, and each organization that borrows it and has said from which address. */
export async function allSenders(s: Services): Promise<(Sender & { zone: string })[]> {
  const open = and(ne(servers.kind, "sandbox"), isNull(servers.removedAt), isNull(organizations.closedAt));
  const own = await s.db
    .select({ server: servers })
    .from(servers)
    .innerJoin(organizations, eq(organizations.id, servers.organization))
    .where(open);
  const lent = await s.db
    .select({ server: servers, loan: serverLoans })
    .from(serverLoans)
    .innerJoin(servers, eq(servers.id, serverLoans.server))
    .innerJoin(organizations, eq(organizations.id, serverLoans.organization))
    .where(and(open, isNull(serverLoans.endedAt), ne(serverLoans.fromAddress, "")));
  return [
    ...own.map(({ server }) => ({ ...ownerOf(server), zone: server.zone })),
    ...lent.map(({ server, loan }) => ({ ...borrower(server, loan), zone: server.zone })),
  ];
}

/** An organization as a sender over a server: its own, or one that it borrows. @throws NotFound, for another's */
export async function senderOf(s: Services, o: { organization: string; server: string }): Promise<Sender> {
  if (!isUuid(o.server)) throw new NotFound("server");
  const [server] = await s.db
    .select()
    .from(servers)
    .where(and(eq(servers.id, o.server), isNull(servers.removedAt)));
  if (server?.organization === o.organization) return ownerOf(server);
  const mine = and(
    eq(serverLoans.server, o.server),
    eq(serverLoans.organization, o.organization),
    isNull(serverLoans.endedAt),
  );
  const [loan] = await s.db.select().from(serverLoans).where(mine);
  if (!server || !loan) throw new NotFound("server");
  return borrower(server, loan);
}

function ownerOf(server: Server): Sender {
  const { organization, fromAddress, envelopeFrom } = server;
  return { organization, owner: organization, server, fromAddress, envelopeFrom };
}

/** Who borrows signs with her own keys, or nobody does: what the owner chose is about the owner's mail. */
function borrower(server: Server, loan: typeof serverLoans.$inferSelect): Sender {
  const { organization, fromAddress, envelopeFrom } = loan;
  const signs = { ...server, dkim: "ours" as const, dkimDomain: null, dkimSelector: null };
  return {
    organization,
    owner: server.organization,
    server: signs,
    fromAddress,
    envelopeFrom: envelopeFrom || fromAddress,
  };
}

/** SQL: the beginning of the last night of a zone, three in the morning: later than that, a check is of today. */
export const lastNight = (zone: string) =>
  sql`(date_trunc('day', (select app_now()) at time zone ${zone} - interval '3 hours') + interval '3 hours') at time zone ${zone}`;
