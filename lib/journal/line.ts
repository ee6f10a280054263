import { hmac } from "../crypto/hash.ts";
import type { KeyRing } from "../crypto/keys.ts";
import { jcs } from "../ledger/jcs.ts";

type Standing = { id: string; organization: string; key: string; scope: string };

/** What a process says outside the database, formats.md §4. It names nobody: `key` is `<kid>:<hex>` of a suppression key. */
export type JournalFact =
  | { kind: "started"; boot: string; url: string; version: string; cluster: string }
  | (Standing & { kind: "withdrawn" | "objected" | "suppressed" | "erased" | "refused"; reason: string })
  | (Standing & { kind: "undone" | "confirmed" | "lifted"; answers: string[] })
  | { kind: "sending"; campaign: string; number: number; snapshot: string; upto: number }
  | { kind: "checkpoint"; organization: string; origin: string; size: number; root: string }
  | { kind: "restored" | "moved"; boot: string; from: string };

/** A line as it stands in the file. */
export type JournalLine = JournalFact & { n: number; at: string; kid: string; prev: string; mac: string };

/** The `prev` of a file's first line, under that line's kid: binds the file to its installation and its name. */
export function firstPrev(keys: KeyRing, kid: number, writer: string): string {
  return hmac(keys.sub(kid, "journal"), `assenso/journal/v1\n${keys.installation}\n${writer}`).toString("hex");
}

/** The MAC of a line, over all of it but `mac`. */
export function macOfLine(keys: KeyRing, kid: number, line: object): string {
  return hmac(keys.sub(kid, "journal"), jcs(line)).toString("hex");
}
