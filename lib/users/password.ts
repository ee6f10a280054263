import { hash, verify } from "@node-rs/argon2";
import { DomainError } from "../errors.ts";
import { isCommonPassword } from "./common-passwords.ts";

/** argon2id with one of OWASP's parameter sets (46 MiB, 1 lane; two passes in the place of one): 18 ms on the machine it was chosen on. */
const COST = { algorithm: 2, memoryCost: 47_104, timeCost: 2, parallelism: 1 } as const;

export const PASSWORD = { least: 12, most: 128 };

/** Of a password that nobody has: an unknown user costs the same work as a known one (B76). */
const NOBODY = "$argon2id$v=19$m=47104,t=2,p=1$gmqtUM7a0L/kbQg/vrHwkQ$0IM5pj6HonPg3+lNFTPTzpb/2pr1X857Se5MfmE54gA";

/** What is hashed: NFC, so that a password typed on another keyboard is the same one (RFC 8265 §4.2). */
const prepared = (password: string) => password.normalize("NFC");

const lengthOf = (password: string) => [...prepared(password)].length;

export const longEnough = (password: string): boolean => lengthOf(password) >= PASSWORD.least;

/**
 * Hashes a new password.
 * @param o its owner's name and address, which it must not be
 * @throws DomainError PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_COMMON
 */
export async function hashPassword(password: string, o: { name: string; email: string }): Promise<string> {
  const length = lengthOf(password);
  if (!longEnough(password)) throw new DomainError("PASSWORD_TOO_SHORT", { n: PASSWORD.least, field: "password" });
  if (length > PASSWORD.most) throw new DomainError("PASSWORD_TOO_LONG", { n: PASSWORD.most, field: "password" });
  const own = [o.name, o.email, o.email.split("@")[0] ?? ""].map((text) => text.toLowerCase());
  if (isCommonPassword(password) || own.includes(password.toLowerCase()))
    throw new DomainError("PASSWORD_COMMON", { field: "password" });
  return hash(prepared(password), COST);
}

/** Whether it is the one. Without a hash (unknown user, invitation not taken) the same work is done for nothing. */
export async function isPassword(password: string, hashed: string | null | undefined): Promise<boolean> {
  // Longer than any password can be: argon2 must not be fed megabytes.
  const typed = prepared(password.slice(0, PASSWORD.most * 4));
  const same = await verify(hashed ?? NOBODY, typed, COST).catch(() => false);
  return same && typeof hashed === "string";
}
