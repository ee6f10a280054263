import { base32, fromBase32 } from "./base32.ts";
import { constantTimeEqual } from "./equal.ts";
import { hmac } from "./hash.ts";
import type { KeyRing } from "./keys.ts";

/** The delivery that a bounce answers: the campaign's number (not its id) and the position in its snapshot. */
export type Returned = { campaign: number; position: number };

/** The local part `b+….…` of a message's envelope sender (VERP, formats.md §6): 32 characters, its delivery and a MAC of 80 bits. */
export function returnLocalPart(keys: KeyRing, o: Returned): string {
  const body = Buffer.alloc(8);
  body.writeUInt32BE(o.campaign, 0);
  body.writeUInt32BE(o.position, 4);
  return `b+${base32(body)}.${base32(macOf(keys, keys.write, body))}`;
}

/**
 * Reads a return address' local part back, with whatever key of the ring signed it. Undefined for one that is not ours.
 * Case is of no account: mail servers on the way may fold it. Its life of 14 days is the caller's matter.
 */
export function readReturnLocalPart(keys: KeyRing, localPart: string): Returned | undefined {
  const [, first, second] = /^b\+([a-z2-7]{13})\.([a-z2-7]{16})$/i.exec(localPart) ?? [];
  const body = first && fromBase32(first.toLowerCase());
  const mac = second && fromBase32(second.toLowerCase());
  if (!body || !mac) return undefined;
  if (!keys.kids().some((kid) => constantTimeEqual(mac, macOf(keys, kid, body)))) return undefined;
  return { campaign: body.readUInt32BE(0), position: body.readUInt32BE(4) };
}

function macOf(keys: KeyRing, kid: number, body: Buffer): Buffer {
  return hmac(keys.sub(kid, "links"), "v1.b.", body).subarray(0, 10);
}
