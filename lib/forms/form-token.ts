import { constantTimeEqual } from "../crypto/equal.ts";
import { hmac } from "../crypto/hash.ts";
import type { KeyRing } from "../crypto/keys.ts";

/** A person needs at least this long between reading a form and sending it; a machine does not (B59). */
export const LEAST_SECONDS = 2;
/** A form left open longer is shown anew (design: §6). */
export const TOKEN_HOURS = 24;

/** Says when this version of a form was shown, so that the answer's age is known and cannot be made up. Holds nothing else. */
export function makeFormToken(keys: KeyRing, o: { form: string; version: number; at: Date }): string {
  const body = `${o.version}.${o.at.getTime().toString(36)}`;
  return `k${keys.write}.${body}.${mac(keys, keys.write, o.form, body).toString("base64url")}`;
}

export type FormToken = { version: number; shownAt: Date };

/** Reads a form's token back; undefined when it is not ours, or another form's. Its age is the caller's to judge. */
export function readFormToken(keys: KeyRing, form: string, token: string): FormToken | undefined {
  const [, kid, version, at, signature] = /^k(\d{1,3})\.(\d{1,6})\.([0-9a-z]{1,10})\.([\w-]{22})$/.exec(token) ?? [];
  if (!kid || !version || !at || !signature || !keys.kids().includes(Number(kid))) return undefined;
  const good = mac(keys, Number(kid), form, `${version}.${at}`);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== good.length || !constantTimeEqual(given, good)) return undefined;
  return { version: Number(version), shownAt: new Date(Number.parseInt(at, 36)) };
}

/** `young` and `old` answers show the form again; nothing is recorded. */
export function ageOf(token: FormToken, now: Date): "young" | "good" | "old" {
  const seconds = (now.getTime() - token.shownAt.getTime()) / 1000;
  if (seconds < LEAST_SECONDS) return "young";
  return seconds > TOKEN_HOURS * 3600 ? "old" : "good";
}

function mac(keys: KeyRing, kid: number, form: string, body: string): Buffer {
  return hmac(keys.sub(kid, "session"), `assenso/form/v1\n${form}\n${body}`).subarray(0, 16);
}
