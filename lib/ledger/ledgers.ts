import { generateKeyPairSync } from "node:crypto";
import { desc, eq } from "drizzle-orm";
import { ledgers } from "../../db/schema/consent.ts";
import { organizations, usedSlugs } from "../../db/schema/organizations.ts";
import { appNow } from "../clock.ts";
import { seal } from "../crypto/sealed.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";

/** The newest generation of an organization's ledger; its first is made, with its own Ed25519 key, when the first entry wants a number. */
export async function currentLedger(s: Services, organization: string): Promise<{ id: string; size: number }> {
  const [found] = await s.db
    .select({ id: ledgers.id, size: ledgers.size })
    .from(ledgers)
    .where(eq(ledgers.organization, organization))
    .orderBy(desc(ledgers.generation))
    .limit(1);
  return found ?? beginLedger(s, organization);
}

async function beginLedger(s: Services, organization: string): Promise<{ id: string; size: number }> {
  const [owner] = await s.db
    .select({ slug: organizations.slug })
    .from(organizations)
    .where(eq(organizations.id, organization));
  if (!owner) throw new NotFound("organization");
  const id = s.randomId();
  const { seed, publicKey } = ed25519();
  await s.db.insert(ledgers).values({
    id,
    organization,
    origin: `${new URL(s.config.PUBLIC_URL).host}/l/${owner.slug}`,
    seed: seal(s.keys, { table: "ledgers", row: id, column: "seed" }, seed, s.randomBytes),
    publicKey,
    createdAt: await appNow(s.db),
  });
  // A slug once in an origin is never given again (formats.md §5).
  await s.db.insert(usedSlugs).values({ slug: owner.slug, organization }).onConflictDoNothing();
  return { id, size: 0 };
}

function ed25519(): { seed: Buffer; publicKey: Buffer } {
  const pair = generateKeyPairSync("ed25519");
  const jwk = pair.privateKey.export({ format: "jwk" });
  return { seed: Buffer.from(String(jwk.d), "base64url"), publicKey: Buffer.from(String(jwk.x), "base64url") };
}
