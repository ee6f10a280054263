import { and, eq, inArray, isNotNull, isNull, ne } from "drizzle-orm";
import { type DkimSeen, dkimKeys } from "../../db/schema/dkim.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type DkimKey, domainsWaiting, keysOf, signingDomain } from "./dkim-find.ts";
import { lookAtKey } from "./dkim-look.ts";
import { routeRow } from "./lent.ts";

type Domain = { organization: string; domain: string };

/**
 * Looks where the records of a domain's keys are, and lets those sign that both resolvers see. Run every few minutes for keys that wait.
 * @returns how many began to sign
 */
export async function lookAtKeys(s: Services, o: Domain): Promise<number> {
  const keys = await keysOf(s.db, o);
  const seen = await Promise.all(keys.map(async (key) => ({ key, seen: await lookAtKey(s.dns, key) })));
  return inTransaction(s, async (tx) => {
    const at = await appNow(tx.db);
    for (const one of seen)
      await tx.db.update(dkimKeys).set({ seen: one.seen, seenAt: at }).where(eq(dkimKeys.id, one.key.id));
    const both = seen.filter((one) => !one.key.activeAt && one.seen.every(({ found }) => found === "same"));
    return begin(
      tx,
      o,
      both.map((one) => one.key),
    );
  });
}

/** The same for every domain that has keys waiting; one that fails keeps nobody else from signing. */
export async function lookAtWaitingKeys(s: Services): Promise<void> {
  for (const one of await domainsWaiting(s.db)) {
    const begun = await lookAtKeys(s, one).catch(() => 0);
    if (begun > 0) s.log.info("dkim_begun", { organization: one.organization, n: begun });
  }
}

/** The same, because somebody pressed. */
export async function lookAtDkim(s: Services, o: { who: Who; server: string }): Promise<void> {
  requireRight(o.who, "servers.write");
  const { organization } = o.who;
  const { server } = await routeRow(s.db, { organization, server: o.server });
  await lookAtKeys(s, { organization, domain: signingDomain(server) });
}

/**
 * Lets waiting keys sign although the domain's own name servers could not be asked (a firewall may let only the system's resolvers through): a person takes that upon herself.
 * @throws DomainError DKIM_NOT_SEEN when no resolver sees a waiting key's record, or one sees something else
 */
export async function activateDkim(s: Services, o: { who: Who; server: string }): Promise<void> {
  requireRight(o.who, "servers.write");
  const { organization, user } = o.who;
  const { server } = await routeRow(s.db, { organization, server: o.server });
  const domain = signingDomain(server);
  await lookAtKeys(s, { organization, domain });
  const waiting = (await keysOf(s.db, { organization, domain })).filter((key) => !key.activeAt);
  const good = waiting.filter((key) => mayBeGood(key.seen ?? []));
  if (waiting.length > 0 && good.length === 0) throw new DomainError("DKIM_NOT_SEEN");
  await inTransaction(s, async (tx) => {
    const n = await begin(tx, { organization, domain }, good);
    await audit(tx, { organization, user, action: "dkim.activated", object: server.id, facts: { domain, n } });
  });
}

const mayBeGood = (seen: DkimSeen[]) =>
  seen.some(({ found }) => found === "same") && seen.every(({ found }) => found === "same" || found === "timeout");

/**
 * They begin to sign, and those that they replace stop. Ed25519 never signs without RSA beside it: receivers that do not know it would find no signature.
 */
async function begin(s: Services, o: Domain, ready: DkimKey[]): Promise<number> {
  const at = await appNow(s.db);
  const ours = and(
    eq(dkimKeys.organization, o.organization),
    eq(dkimKeys.domain, o.domain),
    isNull(dkimKeys.removedAt),
  );
  const signs = and(ours, isNotNull(dkimKeys.activeAt), isNull(dkimKeys.retiredAt));
  let begun = 0;
  for (const algorithm of ["rsa", "ed25519"] as const) {
    const ids = ready.filter((key) => key.algorithm === algorithm).map((key) => key.id);
    const withRsa = algorithm === "rsa" || (await s.db.$count(dkimKeys, and(signs, eq(dkimKeys.algorithm, "rsa")))) > 0;
    if (ids.length === 0 || !withRsa) continue;
    const started = await s.db
      .update(dkimKeys)
      .set({ activeAt: at })
      .where(and(ours, inArray(dkimKeys.id, ids), isNull(dkimKeys.activeAt)))
      .returning({ id: dkimKeys.id });
    for (const { id } of started)
      await s.db
        .update(dkimKeys)
        .set({ retiredAt: at })
        .where(and(signs, eq(dkimKeys.algorithm, algorithm), ne(dkimKeys.id, id)));
    begun += started.length;
  }
  return begun;
}
