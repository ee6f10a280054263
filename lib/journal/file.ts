import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isUuid } from "../crypto/uuid.ts";

const ENDING = ".jsonl";

/** The file of a writer. */
export const journalFile = (folder: string, writer: string) => join(folder, `${writer}${ENDING}`);

/** All writers that ever wrote in this folder, in the order of their ids, which is that of their starts. */
export function journalWriters(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ENDING) && isUuid(name.slice(0, -ENDING.length)))
    .map((name) => name.slice(0, -ENDING.length))
    .sort();
}

/** Makes a writer's file, which must not exist, and makes its name durable. Returns its descriptor, open for appending only. */
export function createJournalFile(folder: string, writer: string): number {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = openSync(journalFile(folder, writer), "ax", 0o600);
  const directory = openSync(folder, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
  return file;
}
