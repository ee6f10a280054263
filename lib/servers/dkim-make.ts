import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { and, eq, like } from "drizzle-orm";
import { dkimKeys } from "../../db/schema/dkim.ts";
import { servers } from "../../db/schema/servers.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { seal } from "../crypto/sealed.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { keysOf, signingDomain } from "./dkim-find.ts";
import type { DkimAlgorithm } from "./dkim-record.ts";
import { routeRow } from "./lent.ts";

const generate = promisify(generateKeyPair);

/** Where a private key stands (formats.md §7). */
export const privatePlace = (id: string) => ({ table: "dkim_keys", row: id, column: "private" });

/**
 * Makes signing keys for a server's From domain: RSA-2048, which every receiver knows, and Ed25519 beside it where it is wanted (RFC 8463 §3). They sign from the moment that
 * their records are seen; until then the old ones do, where there are any: that is how keys are rotated.
 * @throws DomainError SANDBOX_IS_FIXED · DKIM_KEYS_WAIT (the last ones have not been seen yet) · NotFound
 */
export async function makeDkimKeys(s: Services, o: { who: Who; server: string; ed25519: boolean }): Promise<void> {
  requireRight(o.who, "servers.write");
  const { organization, user } = o.who;
  const { server, loan } = await routeRow(s.db, { organization, server: o.server });
  if (server.kind === "sandbox") throw new DomainError("SANDBOX_IS_FIXED");
  const domain = signingDomain(server);
  const pairs = [await newPair("rsa"), ...(o.ed25519 ? [await newPair("ed25519")] : [])];
  await inTransaction(s, async (tx) => {
    // Two presses at once: the second one waits here and finds the keys of the first.
    await routeRow(tx.db, { organization, server: server.id, lock: true });
    const known = await keysOf(tx.db, { organization, domain });
    if (known.some((key) => !key.activeAt)) throw new DomainError("DKIM_KEYS_WAIT");
    const at = await appNow(tx.db);
    for (const pair of pairs) {
      const id = tx.randomId();
      const selector = await freeSelector(tx, { organization, domain, algorithm: pair.algorithm, at });
      await tx.db.insert(dkimKeys).values({
        ...{ id, organization, domain, selector, algorithm: pair.algorithm, public: pair.public, createdAt: at },
        private: seal(tx.keys, privatePlace(id), pair.private, tx.randomBytes),
      });
    }
    // Who borrows it signs with her own keys, whatever its owner chose for the owner's mail.
    if (!loan) {
      const ours = { dkim: "ours" as const, dkimDomain: null, dkimSelector: null };
      await tx.db.update(servers).set(ours).where(eq(servers.id, server.id));
    }
    const facts = { domain, n: pairs.length };
    await audit(tx, { organization, user, action: "dkim.made", object: server.id, facts });
  });
}

type Pair = { algorithm: DkimAlgorithm; private: Buffer; public: string };

/** Private: PKCS #8. Public: what `p=` carries, the whole key of RSA, the bare 32 bytes of Ed25519 (RFC 8463 §4). */
async function newPair(algorithm: DkimAlgorithm): Promise<Pair> {
  const pair = algorithm === "rsa" ? await generate("rsa", { modulusLength: 2048 }) : await generate("ed25519");
  const spki = pair.publicKey.export({ type: "spki", format: "der" });
  return {
    algorithm,
    private: pair.privateKey.export({ type: "pkcs8", format: "der" }),
    public: (algorithm === "rsa" ? spki : spki.subarray(-32)).toString("base64"),
  };
}

/** `assenso-20261124-rsa`: with its day, so that people know how old a key is; numbered where there is one already, a removed one too: its record may still stand. */
async function freeSelector(
  s: Services,
  o: { organization: string; domain: string; algorithm: DkimAlgorithm; at: Date },
): Promise<string> {
  const stem = `assenso-${o.at.toISOString().slice(0, 10).replaceAll("-", "")}-${o.algorithm === "rsa" ? "rsa" : "ed"}`;
  const taken = await s.db.$count(
    dkimKeys,
    and(eq(dkimKeys.organization, o.organization), eq(dkimKeys.domain, o.domain), like(dkimKeys.selector, `${stem}%`)),
  );
  return taken === 0 ? stem : `${stem}${taken + 1}`;
}
