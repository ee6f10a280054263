import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { event, list, organization } from "../crypto/keys.fixture.ts";
import type { JournalFact } from "./line.ts";

export const writer = "019aa000-0000-7000-8000-0000000000ff";
export const other = "019aa000-0000-7000-8000-0000000000fe";

/** Facts whose lines were also worked out from formats.md by a second program. */
export const started = {
  kind: "started",
  boot: writer,
  url: "https://news.example.it",
  version: "0.1.0",
  cluster: "7391/1",
} satisfies JournalFact;
export const withdrawn = {
  ...{ kind: "withdrawn", id: event, organization, key: "k1:ec5e552ead0f5c14cb3304f4221232b5" },
  ...{ scope: `list:${list}`, reason: "unsubscribed" },
} satisfies JournalFact;

/** A folder of its own for what `use` does, gone afterwards. */
export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const textOf = (folder: string, of = writer) => readFileSync(join(folder, `${of}.jsonl`), "utf8");

/** A clock that is one second later each time it is looked at, from 30 November 2026, 08:00 UTC. */
export function ticking(): () => Date {
  let at = Date.parse("2026-11-30T08:00:00.000Z") - 1000;
  return () => {
    at += 1000;
    return new Date(at);
  };
}
