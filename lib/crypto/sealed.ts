import { createCipheriv, createDecipheriv } from "node:crypto";
import { hkdf } from "./hash.ts";
import type { KeyRing } from "./keys.ts";

/** Where a sealed value stands. It opens nowhere else: not in another row, not in another column. */
export type Place = { table: string; row: string; column: string };

type Random = (n: number) => Buffer;

const VERSION = 1;
/** The number in the second byte of what a subject's key seals; the ring's keys count from 1. */
const SUBJECT = 0;
const NONCE = 12;
const TAG = 16;

/** A sealed value that does not open: altered, cut, moved, or sealed under another key. */
export class DoesNotOpen extends Error {
  override readonly name = "DoesNotOpen";

  constructor(place: Place, cause?: unknown) {
    super(`a sealed value does not open: ${place.table}.${place.column} of ${place.row}`, { cause });
  }
}

/** Seals a secret of the installation under the write key's sub-key `at-rest` (formats.md §7). */
export function seal(keys: KeyRing, place: Place, plain: Uint8Array, randomBytes: Random): Buffer {
  return encrypt(keys.sub(keys.write, "at-rest"), keys.write, place, plain, randomBytes);
}

/**
 * Opens what `seal` made, under whatever key of the ring it names.
 * @throws DoesNotOpen when it is not what stood at this place, UnknownKey when the ring lacks its key.
 */
export function open(keys: KeyRing, place: Place, sealed: Uint8Array): Buffer {
  const kid = sealed[1] ?? SUBJECT;
  if (kid === SUBJECT) throw new DoesNotOpen(place);
  return decrypt(keys.sub(kid, "at-rest"), kid, place, sealed);
}

/** Seals what concerns a person under her subject key: when the key is destroyed, this is gone. */
export function sealWith(subjectKey: Uint8Array, place: Place, plain: Uint8Array, randomBytes: Random): Buffer {
  return encrypt(subjectSealing(subjectKey), SUBJECT, place, plain, randomBytes);
}

/** Opens what `sealWith` made. Throws DoesNotOpen when it is not what stood at this place, or another person's. */
export function openWith(subjectKey: Uint8Array, place: Place, sealed: Uint8Array): Buffer {
  return decrypt(subjectSealing(subjectKey), SUBJECT, place, sealed);
}

const subjectSealing = (subjectKey: Uint8Array) => hkdf(subjectKey, "assenso/v1/sealed");

function encrypt(key: Buffer, kid: number, place: Place, plain: Uint8Array, randomBytes: Random): Buffer {
  const head = Buffer.from([VERSION, kid]);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  cipher.setAAD(additional(head, place));
  return Buffer.concat([head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, kid: number, place: Place, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length);
  const text = 2 + NONCE;
  if (bytes.length < text + TAG || bytes[0] !== VERSION || bytes[1] !== kid) throw new DoesNotOpen(place);
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(2, text), { authTagLength: TAG });
  decipher.setAAD(additional(bytes.subarray(0, 2), place));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(text, bytes.length - TAG)), decipher.final()]);
  } catch (error) {
    throw new DoesNotOpen(place, error);
  }
}

function additional(head: Uint8Array, place: Place): Buffer {
  // With bars in the outer two, two different places could spell one text.
  if (place.table.includes("|") || place.column.includes("|"))
    throw new Error("no bar in the name of a table or column");
  return Buffer.concat([head, Buffer.from(`${place.table}|${place.row}|${place.column}`)]);
}
