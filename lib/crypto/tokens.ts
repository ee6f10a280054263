import { sha256 } from "./hash.ts";

/** A secret that works once: 128 random bits (DO-04). It goes into a link or a cookie; the table keeps `hashToken` of it. */
export function newToken(randomBytes: (n: number) => Buffer): Buffer {
  return randomBytes(16);
}

/** What a table keeps in the place of a token: 32 bytes from which nobody gets the token back. */
export function hashToken(token: Uint8Array): Buffer {
  return sha256(token);
}
