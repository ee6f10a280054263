import { readFileSync } from "node:fs";
import { hkdf } from "./hash.ts";
import { isUuid } from "./uuid.ts";

export type KeyLabel = "at-rest" | "links" | "suppression" | "journal" | "session";

/** The installation's secrets (formats.md §0). Old keys stay for reading; only `write` makes anything new. */
export type KeyRing = {
  installation: string;
  /** Number of the key that makes new values. */
  write: number;
  /** Numbers of all keys, ascending. */
  kids(): number[];
  /** The 32-byte sub-key for one use. Throws `UnknownKey` for a number that the ring lacks. */
  sub(kid: number, label: KeyLabel): Buffer;
};

/** A value names a key that this process does not have: the ring may have grown since it was read. */
export class UnknownKey extends Error {
  override readonly name = "UnknownKey";
  readonly kid: number;

  constructor(kid: number) {
    super(`the key ring has no key k${kid}`);
    this.kid = kid;
  }
}

/** The text of a new `keys.json`: one fresh key, k1. Whoever writes it gives the file mode 0600. */
export function createKeyRing(randomBytes: (n: number) => Buffer, installation: string): string {
  return `${JSON.stringify({ installation, write: "k1", keys: { k1: randomBytes(32).toString("base64") } }, null, 2)}\n`;
}

/**
 * Reads the JSON of a key ring.
 * @throws Error with one sentence on what is wrong; it never repeats a key.
 */
export function readKeyRing(json: string): KeyRing {
  const { installation, write, keys, ...rest } = objectOf(parsed(json), "the key ring");
  const extra = Object.keys(rest)[0];
  if (extra !== undefined) throw new Error(`the key ring has a field that does not belong there: ${extra}`);
  if (typeof installation !== "string" || !isUuid(installation))
    throw new Error("the key ring's installation is not a lower-case uuid");
  const ring = new Map(
    Object.entries(objectOf(keys, "the key ring's keys")).map(([kid, text]) => [kidNumber(kid), keyBytes(kid, text)]),
  );
  if (new Set([...ring.values()].map((key) => key.toString("hex"))).size < ring.size)
    throw new Error("the key ring holds one key twice");
  const newest = typeof write === "string" ? kidNumber(write) : 0;
  if (!ring.has(newest)) throw new Error("the key ring's write names no key of it");
  return ringOf(installation, newest, ring);
}

/** The key ring of this installation: the JSON of ASSENSO_KEYS if it is given, else the file. */
export function loadKeyRing(from: { file: string; json?: string | undefined }): KeyRing {
  if (from.json !== undefined) return readKeyRing(from.json);
  const json = readFileSync(from.file, "utf8");
  try {
    return readKeyRing(json);
  } catch (error) {
    throw new Error(`${from.file}: ${(error as Error).message}`, { cause: error });
  }
}

function ringOf(installation: string, write: number, ring: Map<number, Buffer>): KeyRing {
  const derived = new Map<string, Buffer>();
  return {
    installation,
    write,
    kids: () => [...ring.keys()].sort((a, b) => a - b),
    sub(kid, label) {
      const key = ring.get(kid);
      if (!key) throw new UnknownKey(kid);
      const name = `${kid} ${label}`;
      const sub = derived.get(name) ?? hkdf(key, `assenso/v1/${label}`);
      derived.set(name, sub);
      return sub;
    },
  };
}

/** `k7` to 7. Throws for anything but k1 to k255, spelled without leading zeros. */
export function kidNumber(text: string): number {
  const n = /^k([1-9]\d{0,2})$/.exec(text)?.[1];
  if (n === undefined || Number(n) > 255) throw new Error("a key's name is k1 to k255");
  return Number(n);
}

function keyBytes(kid: string, text: unknown): Buffer {
  const key = typeof text === "string" ? Buffer.from(text, "base64") : Buffer.alloc(0);
  if (key.length !== 32 || key.toString("base64") !== text)
    throw new Error(`the key ring's ${kid} is not 32 bytes in base64`);
  return key;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own message may quote a piece of the text: here that would be a secret.
    throw new Error("the key ring is not JSON");
  }
}

function objectOf(x: unknown, what: string): Record<string, unknown> {
  if (typeof x !== "object" || x === null || Array.isArray(x)) throw new Error(`${what} is not a JSON object`);
  return x as Record<string, unknown>;
}
