import { eq, sql } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { checkInput } from "./check-input.ts";
import { serverRow } from "./find.ts";
import { sealOauth } from "./oauth.ts";
import { sealPassword } from "./password.ts";
import { checkTarget } from "./target.ts";
import type { Server, ServerInput } from "./types.ts";
import { serverLock } from "./windows.ts";

/**
 * Changes a sending server. Where it goes, how it is encrypted or who signs in has changed: the test is forgotten, and a pause is over (it was about the old one).
 * @param o whatever is left out stays as it is
 * @throws DomainError SANDBOX_IS_FIXED · what checkInput and checkTarget say
 */
export function updateServer(s: Services, o: { who: Who; server: string } & ServerInput): Promise<void> {
  requireRight(o.who, "servers.write");
  return inTransaction(s, async (tx) => {
    const old = await serverRow(tx.db, { organization: o.who.organization, server: o.server });
    if (old.kind === "sandbox") throw new DomainError("SANDBOX_IS_FIXED");
    const row = checkInput(o, old.zone, old);
    if (row.auth === "password" && !o.password && !old.password)
      throw new DomainError("SERVER_INVALID", { field: "password" });
    if (row.auth === "oauth2" && !o.oauth && !old.oauth)
      throw new DomainError("SERVER_INVALID", { field: "oauthClient" });
    await checkTarget(tx, row);
    const secrets = secretsOf(tx, old, { ...o, auth: row.auth });
    if (row.zone !== old.zone) await carryDay(tx, old, row.zone);
    if (row.dayWindow === "rolling" && old.dayWindow === "calendar") await carryHours(tx, old);
    await tx.db
      .update(servers)
      .set({
        ...{ ...row, ...secrets },
        ...(elsewhere(old, row, o.password ?? o.oauth) ? UNTESTED : {}),
        ...(old.host !== row.host || row.encryption === "none" ? UNPINNED : {}),
      })
      .where(eq(servers.id, old.id));
  });
}

/** What was accepted for one host says nothing of another. */
const UNPINNED = { pinSha256: null, pinReason: null, pinnedAt: null, pinnedBy: null };
const UNTESTED = { testedAt: null, testOk: null, testTalk: null, pausedAt: null, pausedReason: null, retryAt: null };

function elsewhere(old: Server, row: ReturnType<typeof checkInput>, secret: unknown): boolean {
  const same = (["host", "port", "encryption", "auth", "username", "fromAddress", "envelopeFrom"] as const).every(
    (key) => old[key] === row[key],
  );
  return !same || Boolean(secret);
}

/** The secret of the way it signs in: what was given, else what stood there; those of other ways go. */
function secretsOf(s: Services, old: Server, o: Pick<ServerInput, "auth" | "password" | "oauth">) {
  const password = o.password ? sealPassword(s, old.id, o.password) : old.password;
  const oauth = o.oauth ? sealOauth(s, old.id, o.oauth) : old.oauth;
  return { password: o.auth === "password" ? password : null, oauth: o.auth === "oauth2" ? oauth : null };
}

/** Another zone begins its day at another instant: what the old day has used counts for the new one, so that no limit is exceeded on that day. */
async function carryDay(s: Services, old: Server, zone: string): Promise<void> {
  await s.db.execute(serverLock(old.id));
  await s.db.execute(sql`
    insert into server_windows as w (server, unit, begins, campaign, system)
    select server, 'day', date_trunc('day', app_now(), ${zone}), campaign, system from server_windows
     where server = ${old.id}::uuid and unit = 'day' and begins = date_trunc('day', app_now(), ${old.zone})
    on conflict (server, unit, begins) do update set campaign = greatest(w.campaign, excluded.campaign), system = greatest(w.system, excluded.system)`);
}

/**
 * Any 24 hours are summed from minutes at their old end, which a server that counted calendar days has not written: what each hour has used counts as its last
 * minute, so that it stays in the sum longest.
 */
async function carryHours(s: Services, old: Server): Promise<void> {
  await s.db.execute(serverLock(old.id));
  await s.db.execute(sql`
    insert into server_windows as w (server, unit, begins, campaign, system)
    select server, 'minute', begins + interval '59 minutes', campaign, system from server_windows
     where server = ${old.id}::uuid and unit = 'hour' and begins > app_now() - interval '26 hours'
    on conflict (server, unit, begins) do update set campaign = greatest(w.campaign, excluded.campaign), system = greatest(w.system, excluded.system)`);
}
