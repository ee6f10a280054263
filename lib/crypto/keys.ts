import { readFileSync, statSync } from "node:fs";
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

/**
 * The text of a key ring with one more key, which makes what is new.
 * @throws Error when 255 keys are there
 */
export function withNewKey(json: string, randomBytes: (n: number) => Buffer): { json: string; write: string } {
  const write = `k${Math.max(...readKeyRing(json).kids()) + 1}`;
  const ring = objectOf(parsed(json), "the key ring");
  const keys = { ...objectOf(ring.keys, "the key ring's keys"), [write]: randomBytes(32).toString("base64") };
  const text = `${JSON.stringify({ ...ring, write, keys }, null, 2)}\n`;
  readKeyRing(text);
  return { json: text, write };
}

/**
 * The key ring of this installation: the JSON of ASSENSO_KEYS if it is given, else the file. A key that is added to the file is known to a running process within
 * half a second, before one that was started with it makes anything; what a process writes with stays the same for its life, so that two reads never differ.
 */
export function loadKeyRing(from: { file: string; json?: string | undefined }): KeyRing {
  return from.json === undefined ? followed(from.file) : readKeyRing(from.json);
}

/** How often a look at the file is worth it, ms. */
const LOOK_MS = 500;

function followed(file: string): KeyRing {
  const read = () => {
    try {
      return readKeyRing(readFileSync(file, "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code) throw error;
      throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
    }
  };
  const changed = () => statSync(file).mtimeMs;
  let [ring, at, lookAt] = [read(), changed(), performance.now() + LOOK_MS];
  const now = () => {
    if (performance.now() < lookAt) return ring;
    lookAt = performance.now() + LOOK_MS;
    try {
      const time = changed();
      if (time !== at) [ring, at] = [read(), time];
    } catch {
      // Gone or unreadable: what was read stands.
    }
    return ring;
  };
  return {
    installation: ring.installation,
    write: ring.write,
    kids: () => now().kids(),
    sub: (kid, label) => now().sub(kid, label),
  };
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
