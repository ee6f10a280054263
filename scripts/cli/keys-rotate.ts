import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { readConfig } from "../../lib/config.ts";
import { withNewKey } from "../../lib/crypto/keys.ts";
import { NotDone } from "./failure.ts";
import type { Answer } from "./main.ts";

/** `assenso keys rotate`: a new key makes what is new; the old ones stay, so that every link in mail that was sent still works. */
export async function keysRotate(): Promise<Answer> {
  const config = readConfig();
  if (config.ASSENSO_KEYS !== undefined)
    throw new NotDone(
      'The keys come from ASSENSO_KEYS: add a key to its JSON, let every process read it, then name it in "write" and start them again.',
    );
  const file = join(config.ASSENSO_HOME, "keys.json");
  const { json, write } = added(file);
  replace(file, json);
  return {
    lines: [
      `${write} makes what is new, in each process from its next start on; the older keys still open what they made.`,
      `Keep a copy of ${file} apart from the database: without it nothing in it opens. Other machines need the same file.`,
    ],
    data: { write, file },
  };
}

function added(file: string): { json: string; write: string } {
  try {
    return withNewKey(readFileSync(file, "utf8"), randomBytes);
  } catch (error) {
    throw new NotDone(`The keys cannot be read: ${(error as Error).message}`);
  }
}

/** Whole or not at all, and on the disk: whoever reads finds the old file or the new one. */
function replace(file: string, text: string): void {
  const draft = `${file}.new`;
  const descriptor = openSync(draft, "w", 0o600);
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(draft, file);
  const folder = openSync(dirname(file), "r");
  fsyncSync(folder);
  closeSync(folder);
}
