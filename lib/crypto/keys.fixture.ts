import { type KeyRing, readKeyRing } from "./keys.ts";

/** Values whose bytes were also worked out from formats.md by a second program in another language. */
export const installation = "019aa000-0000-7000-8000-000000000001";
export const organization = "019aa000-0000-7000-8000-0000000000aa";
export const list = "019aa000-0000-7000-8000-0000000000bb";
export const contact = "019aa000-0000-7000-8000-0000000000cc";
export const campaign = "019aa000-0000-7000-8000-0000000000dd";
export const event = "019aa000-0000-7000-8000-0000000000ee";

const bytes = (from: number) => Buffer.from(Array.from({ length: 32 }, (_, i) => from + i));

export const subjectKey = bytes(64);
export const key1 = bytes(0);
export const key2 = bytes(32);

/** The text of a key ring of two keys, bytes 0 to 31 and 32 to 63. */
export const ringText = (write: "k1" | "k2" = "k1", of = installation) =>
  JSON.stringify({ installation: of, write, keys: { k1: key1.toString("base64"), k2: key2.toString("base64") } });

export const ring = (write: "k1" | "k2" = "k1"): KeyRing => readKeyRing(ringText(write));

/** A ring that has the first key alone. */
export const youngRing = (): KeyRing =>
  readKeyRing(JSON.stringify({ installation, write: "k1", keys: { k1: key1.toString("base64") } }));
