import { and, eq, inArray, sql } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { bases } from "../../db/schema/consent.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { servers } from "../../db/schema/servers.ts";
import { audit } from "../audit/log.ts";
import { cancel } from "../campaigns/cancel.ts";
import { appNow } from "../clock.ts";
import { DomainError, NotFound } from "../errors.ts";
import { campaignsUsing } from "../servers/find.ts";
import { liveRoutes, routeRow } from "../servers/lent.ts";
import type { Server } from "../servers/types.ts";
import { inTransaction, type Services } from "../services.ts";
import { dayOf } from "../text/calendar-day.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

export type GoLiveFindings = {
  /** Nothing is missing: the press works. */
  ok: boolean;
  demo: boolean;
  tested: boolean;
  /** Fields of the organization's identity that are empty. */
  missing: string[];
  /** Sandbox campaigns under way that the press cancels first. */
  sandboxCampaigns: number;
  /** Servers that are in production already: they stay, and this one becomes the one that confirmations leave by. */
  others: { name: string; address: string }[];
  /** People who confirmed by sandbox mail only: they stay visible and are refused (`simulated`). */
  simulatedPeople: number;
};

/** What "Vai in produzione" would mean for this server, for the page that asks for the press. */
export async function goLiveFindings(s: Services, o: { who: Who; server: string }): Promise<GoLiveFindings> {
  requireRight(o.who, "servers.see");
  const { server } = await routeRow(s.db, { organization: o.who.organization, server: o.server });
  const [owner] = await s.db.select().from(organizations).where(eq(organizations.id, o.who.organization));
  if (!owner) throw new NotFound("organization");
  const missing = (["legalName", "address", "taxId", "privacyEmail"] as const).filter((field) => !owner[field].trim());
  const tested = await testedToday(s, server, owner.timeZone);
  const { rows } = await s.db.execute<{ n: string }>(
    sql`select count(distinct ${bases.contact}) as n from ${bases} where ${bases.organization} = ${owner.id} and ${bases.simulated} and ${bases.endedAt} is null`,
  );
  const others = (await liveRoutes(s.db, owner.id)).filter((one) => one.server.id !== server.id);
  return {
    others: others.map(({ server: { name, fromAddress } }) => ({ name, address: fromAddress })),
    ok: !owner.demo && tested && missing.length === 0,
    demo: owner.demo,
    tested,
    missing,
    sandboxCampaigns: (await sandboxCampaigns(s, owner.id)).length,
    simulatedPeople: Number(rows[0]?.n ?? 0),
  };
}

/**
 * Puts a real server into production (design: §8), an own one or one that is lent: from now on mail leaves the house. Sandbox campaigns under way are cancelled first.
 * There is no way back. Of several in production the one of the last press carries system mail, and campaigns that choose none.
 * @throws DEMO_NEVER_LIVE · SERVER_NOT_TESTED (not passed today) · IDENTITY_INCOMPLETE {fields} · SANDBOX_IS_FIXED · NotFound
 */
export async function goLive(s: Services, o: { who: Who; server: string }): Promise<void> {
  requireRight(o.who, "servers.write");
  const { server, loan } = await routeRow(s.db, { organization: o.who.organization, server: o.server });
  if (server.kind === "sandbox") throw new DomainError("SANDBOX_IS_FIXED");
  const found = await goLiveFindings(s, o);
  if (found.demo) throw new DomainError("DEMO_NEVER_LIVE");
  if (!found.tested) throw new DomainError("SERVER_NOT_TESTED");
  if (found.missing.length > 0) throw new DomainError("IDENTITY_INCOMPLETE", { fields: found.missing.join(", ") });
  for (const campaign of await sandboxCampaigns(s, o.who.organization)) await cancel(s, { who: o.who, campaign });
  await inTransaction(s, async (tx) => {
    const at = await appNow(tx.db);
    if (loan) await tx.db.update(serverLoans).set({ liveAt: at }).where(loanOf(loan));
    else await tx.db.update(servers).set({ liveAt: at }).where(eq(servers.id, server.id));
    await tx.db
      .update(organizations)
      .set({ liveAt: sql`coalesce(${organizations.liveAt}, ${at.toISOString()})` })
      .where(eq(organizations.id, o.who.organization));
    await audit(tx, { organization: o.who.organization, user: o.who.user, action: "server.live", object: server.id });
  });
}

const loanOf = (loan: { server: string; organization: string }) =>
  and(eq(serverLoans.server, loan.server), eq(serverLoans.organization, loan.organization));

/**
 * Takes a server out of production while another one stays there.
 * @throws SERVER_IS_ONLY_LIVE · SERVER_BUSY {n} campaigns under way use it · NotFound
 */
export async function leaveProduction(s: Services, o: { who: Who; server: string }): Promise<void> {
  requireRight(o.who, "servers.write");
  const { organization, user } = o.who;
  await inTransaction(s, async (tx) => {
    // Two that leave at once would both see the other one stay.
    await tx.db.select().from(organizations).where(eq(organizations.id, organization)).for("update");
    const { server, loan } = await routeRow(tx.db, { organization, server: o.server });
    if (!server.liveAt) return;
    if ((await liveRoutes(tx.db, organization)).length < 2) throw new DomainError("SERVER_IS_ONLY_LIVE");
    const n = await campaignsUsing(tx.db, { organization, server: server.id });
    if (n > 0) throw new DomainError("SERVER_BUSY", { n });
    if (loan) await tx.db.update(serverLoans).set({ liveAt: null }).where(loanOf(loan));
    else await tx.db.update(servers).set({ liveAt: null }).where(eq(servers.id, server.id));
    await audit(tx, { organization, user, action: "server.left_production", object: server.id });
  });
}

/** Passed on this calendar day of the organization: a server that worked last month may not today. */
async function testedToday(s: Services, server: Server, zone: string): Promise<boolean> {
  if (server.testOk !== "yes" || !server.testedAt) return false;
  return dayOf(server.testedAt, zone) === dayOf(await appNow(s.db), zone);
}

async function sandboxCampaigns(s: Services, organization: string): Promise<string[]> {
  const underWay = and(
    eq(campaigns.organization, organization),
    inArray(campaigns.state, ["scheduled", "sending", "paused"]),
    eq(campaigns.simulated, true),
  );
  const rows = await s.db.select({ id: campaigns.id }).from(campaigns).where(underWay);
  return rows.map((row) => row.id);
}
