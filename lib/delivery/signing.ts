import { type SigningKey, signingKeys } from "../servers/dkim-sign.ts";
import type { Server } from "../servers/types.ts";
import type { Services } from "../services.ts";
import { prepareSignatures, type Unsigned } from "../templates/mime/dkim.ts";
import { domainOf } from "../text/address.ts";
import type { Signer } from "./signer.ts";

/** What is to be signed: for whom, from which address, and the message's own date. */
export type ToSign = { organization: string; from: string; at: Date; raw: Buffer };
/** As it leaves, in pieces, and the ids of the keys that signed it, for its copy. */
export type SignedMessage = { pieces: Buffer[]; keys: string[] };

/** Keys could not be read or used. Nothing leaves unsigned that should be signed. */
export class NotSigned extends Error {
  override readonly name = "NotSigned";
}

/** Keys are read again after so long: who begins or stops to sign is heard, and the record of a retired key stands for days. */
const FRESH_MS = 5000;

/** Signs the messages of one server's lane, each with the keys of its From's domain (design: §5, DKIM). */
export class Signing {
  private readonly s: Services;
  private readonly signer: Signer;
  private readonly known = new Map<string, { keys: SigningKey[]; until: number }>();

  constructor(s: Services, signer: Signer) {
    this.s = s;
    this.signer = signer;
  }

  /**
   * Signs all of them, or says of which nobody signs (undefined). One batch a key.
   * @throws NotSigned: then none of them may leave
   */
  sign(server: Server, messages: ToSign[]): Promise<(SignedMessage | undefined)[]> {
    return this.signAll(server, messages).catch((cause: unknown) => {
      throw new NotSigned("a message could not be signed", { cause });
    });
  }

  private async signAll(server: Server, messages: ToSign[]): Promise<(SignedMessage | undefined)[]> {
    const keys = await Promise.all(messages.map((one) => this.keysFor(server, one)));
    const work = messages.map((one, i) => partsOf(one, keys[i] ?? []));
    const batches = new Map<SigningKey, Part[]>();
    for (const part of work.flatMap((one) => one?.parts ?? [])) {
      const batch = batches.get(part.key);
      if (batch) batch.push(part);
      else batches.set(part.key, [part]);
    }
    await Promise.all([...batches].map(([key, batch]) => this.signBatch(key, batch)));
    return work.map(
      (one) =>
        one && {
          pieces: one.unsigned.signed(one.parts.map((part) => part.signature)),
          keys: one.parts.map((part) => part.key.id),
        },
    );
  }

  private async signBatch(key: SigningKey, batch: Part[]): Promise<void> {
    const digests = batch.map((part) => part.digest);
    const signatures = await this.signer.sign(key, digests);
    for (const [i, part] of batch.entries()) part.signature = signatures[i] ?? part.signature;
  }

  private async keysFor(server: Server, { organization, from }: ToSign): Promise<SigningKey[]> {
    const domain = domainOf(from);
    const place = `${organization} ${domain} ${server.dkim}`;
    const known = this.known.get(place);
    if (known && performance.now() < known.until) return known.keys;
    const keys = await signingKeys(this.s, { server, organization, domain });
    this.known.set(place, { keys, until: performance.now() + FRESH_MS });
    return keys;
  }
}

/** One signature of one message. */
type Part = { key: SigningKey; digest: Buffer; signature: Buffer };

function partsOf({ raw, at }: ToSign, keys: SigningKey[]): { unsigned: Unsigned; parts: Part[] } | undefined {
  if (keys.length === 0) return undefined;
  const unsigned = prepareSignatures(raw, { as: keys, at });
  const none = Buffer.alloc(0);
  return { unsigned, parts: keys.map((key, i) => ({ key, digest: unsigned.digests[i] ?? none, signature: none })) };
}
