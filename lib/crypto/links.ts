import { constantTimeEqual } from "./equal.ts";
import { hmac } from "./hash.ts";
import type { KeyRing } from "./keys.ts";

/** u leave · c confirm · m my data · v this mail in the browser · s set-up · i invitation · r password (formats.md §6). */
export type LinkPurpose = "u" | "c" | "m" | "v" | "s" | "i" | "r";

/** Bytes of each purpose's payload. */
const LENGTH: Record<LinkPurpose, number> = { u: 64, c: 16, m: 36, v: 32, s: 16, i: 16, r: 16 };
const MAC = 16;
const FORM = /^v1\.k([1-9]\d{0,2})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{22})$/;

/** The token of a link, `v1.k1.<payload>.<mac>`, under 120 characters, signed with the write key. It goes behind `{PUBLIC_URL}/{purpose}/`. */
export function makeLink(keys: KeyRing, purpose: LinkPurpose, payload: Uint8Array): string {
  if (payload.length !== LENGTH[purpose])
    throw new Error(`the payload of a link ${purpose} has ${LENGTH[purpose]} bytes`);
  const mac = macOf(keys, keys.write, purpose, payload);
  return `v1.k${keys.write}.${Buffer.from(payload).toString("base64url")}.${mac.toString("base64url")}`;
}

/**
 * Reads a token back. Undefined, without telling why, for a wrong purpose, key, MAC, length or spelling: the caller answers 404 and asks no
 * database. Exactly one spelling of a token is valid; a valid one stays so for ever, over key rotation too.
 */
export function readLink(
  keys: KeyRing,
  purpose: LinkPurpose,
  token: string,
): { kid: number; payload: Buffer } | undefined {
  if (token.length > 120) return undefined;
  const [, number, body, signature] = FORM.exec(token) ?? [];
  if (!number || !body || !signature) return undefined;
  const [kid, payload, mac] = [Number(number), canonical(body), canonical(signature)];
  if (!payload || !mac || payload.length !== LENGTH[purpose] || !keys.kids().includes(kid)) return undefined;
  return constantTimeEqual(mac, macOf(keys, kid, purpose, payload)) ? { kid, payload } : undefined;
}

function macOf(keys: KeyRing, kid: number, purpose: LinkPurpose, payload: Uint8Array): Buffer {
  return hmac(keys.sub(kid, "links"), `v1.${purpose}.`, payload).subarray(0, MAC);
}

/** base64url whose spare bits are zero; any other spelling of the same bytes is refused. */
function canonical(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}
