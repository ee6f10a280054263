import { constants, createPrivateKey, type KeyObject, privateEncrypt, sign } from "node:crypto";
import { and, desc, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import { dkimKeys } from "../../db/schema/dkim.ts";
import { open } from "../crypto/sealed.ts";
import type { Services } from "../services.ts";
import { prepareSignatures, type SignsAs } from "../templates/mime/dkim.ts";
import { type DkimKey, signingDomain } from "./dkim-find.ts";
import { privatePlace } from "./dkim-make.ts";
import type { Server } from "./types.ts";

/** A key that signs now, opened: PKCS #8. */
export type SigningKey = SignsAs & { id: string; private: Buffer };

/** DigestInfo of a SHA-256 (RFC 8017 §9.2, note 1): what PKCS #1 v1.5 pads. */
export const SHA256_INFO = "3031300d060960864801650304020105000420";

/**
 * The keys that sign mail of an organization from a domain over a server now, RSA first. None: the server's owner says that another signs, or nobody.
 * Who borrows a server signs with her own keys: the owner's choice is about the owner's mail.
 * @throws what `open` throws: mail that should be signed never leaves unsigned
 */
export async function signingKeys(
  s: Services,
  o: { server: Pick<Server, "organization" | "dkim">; organization: string; domain: string },
): Promise<SigningKey[]> {
  if (o.organization === o.server.organization && o.server.dkim !== "ours") return [];
  const mine = and(
    eq(dkimKeys.organization, o.organization),
    eq(dkimKeys.domain, o.domain),
    isNull(dkimKeys.removedAt),
  );
  const rows = await s.db
    .select()
    .from(dkimKeys)
    .where(and(mine, isNotNull(dkimKeys.activeAt), isNull(dkimKeys.retiredAt)))
    .orderBy(desc(dkimKeys.algorithm));
  return rows.map((row) => opened(s, row));
}

/** The keys that signed a message, in their order, those that were put away too. Fewer than asked where one is gone. */
export async function keysById(s: Services, o: { organization: string; ids: string[] }): Promise<SigningKey[]> {
  if (o.ids.length === 0) return [];
  const mine = and(eq(dkimKeys.organization, o.organization), inArray(dkimKeys.id, o.ids));
  const rows = await s.db.select().from(dkimKeys).where(mine);
  return o.ids.flatMap((id) => rows.filter((row) => row.id === id)).map((row) => opened(s, row));
}

function opened(s: Services, row: DkimKey): SigningKey {
  const { id, algorithm, domain, selector } = row;
  return { id, algorithm, domain, selector, private: open(s.keys, privatePlace(id), row.private) };
}

/** Signs one message in this thread: a test mail, a copy that is rebuilt. */
export function signNow(raw: Buffer, o: { keys: SigningKey[]; at: Date }): Buffer {
  if (o.keys.length === 0) return raw;
  const unsigned = prepareSignatures(raw, { as: o.keys, at: o.at });
  return Buffer.concat(
    unsigned.signed(o.keys.map((key, i) => signDigest(key, unsigned.digests[i] ?? Buffer.alloc(0)))),
  );
}

/** A mail of a server itself, from its own sender. */
export async function signedMail(s: Services, o: { server: Server; raw: Buffer; at: Date }): Promise<Buffer> {
  const { server, at } = o;
  const of = { server, organization: server.organization, domain: signingDomain(server) };
  return signNow(o.raw, { keys: await signingKeys(s, of), at });
}

function signDigest(key: SigningKey, digest: Buffer): Buffer {
  const secret: KeyObject = createPrivateKey({ key: key.private, format: "der", type: "pkcs8" });
  if (key.algorithm === "ed25519") return sign(null, digest, secret);
  const info = Buffer.concat([Buffer.from(SHA256_INFO, "hex"), digest]);
  return privateEncrypt({ key: secret, padding: constants.RSA_PKCS1_PADDING }, info);
}
