import { createHash, createHmac } from "node:crypto";

/** SHA-256 of the joined parts: 32 bytes. Text is UTF-8. */
export function sha256(...parts: (Uint8Array | string)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** HMAC-SHA-256 of the joined parts (RFC 2104): 32 bytes. Text is UTF-8. */
export function hmac(key: Uint8Array, ...parts: (Uint8Array | string)[]): Buffer {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

const EMPTY_SALT = Buffer.alloc(32);

/** HKDF-SHA-256 (RFC 5869) with empty salt, of one block: 32 bytes. Written as its two HMACs: half the time of `hkdfSync`, once a message. */
export function hkdf(key: Uint8Array, info: string): Buffer {
  return hmac(hmac(EMPTY_SALT, key), info, "\x01");
}
