import { and, eq, isNull } from "drizzle-orm";
import { dkimKeys } from "../../db/schema/dkim.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { servers } from "../../db/schema/servers.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { keyRow, STAND_DAYS, signingDomain } from "./dkim-find.ts";

const DAY = 86_400_000;

/**
 * Takes a key away: one that never signed is gone at once; one that signs, where no server uses it any more, stops; one that stopped is put away when its record has stood long enough.
 * Its private half stays, sealed: what was signed with it can be rebuilt byte by byte, and without its record nobody accepts anything new from it.
 * @throws DomainError DKIM_KEY_SIGNS · DKIM_RECORD_STANDS {days} · NotFound
 */
export function removeDkimKey(s: Services, o: { who: Who; key: string }): Promise<void> {
  requireRight(o.who, "servers.write");
  const { organization, user } = o.who;
  return inTransaction(s, async (tx) => {
    const key = await keyRow(tx.db, { organization, key: o.key });
    const at = await appNow(tx.db);
    const mine = eq(dkimKeys.id, key.id);
    if (!key.activeAt) await tx.db.delete(dkimKeys).where(mine);
    else if (!key.retiredAt) {
      if (await inUse(tx, { organization, domain: key.domain })) throw new DomainError("DKIM_KEY_SIGNS");
      await tx.db.update(dkimKeys).set({ retiredAt: at }).where(mine);
    } else {
      const until = new Date(key.retiredAt.getTime() + STAND_DAYS * DAY);
      const days = Math.ceil((until.getTime() - at.getTime()) / DAY);
      if (days > 0) throw new DomainError("DKIM_RECORD_STANDS", { days });
      await tx.db.update(dkimKeys).set({ removedAt: at }).where(mine);
    }
    const facts = { selector: key.selector, domain: key.domain };
    await audit(tx, { organization, user, action: "dkim.removed", object: key.id, facts });
  });
}

/** Whether a server's mail is signed with the keys of this domain. */
async function inUse(s: Services, o: { organization: string; domain: string }): Promise<boolean> {
  const rows = await s.db
    .select({ fromAddress: servers.fromAddress })
    .from(servers)
    .where(and(eq(servers.organization, o.organization), eq(servers.dkim, "ours"), isNull(servers.removedAt)));
  const lent = await s.db
    .select({ fromAddress: serverLoans.fromAddress })
    .from(serverLoans)
    .where(and(eq(serverLoans.organization, o.organization), isNull(serverLoans.endedAt)));
  return [...rows, ...lent].some((row) => signingDomain(row) === o.domain);
}
