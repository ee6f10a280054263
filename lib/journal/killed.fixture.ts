import { ring } from "../crypto/keys.fixture.ts";
import { withdrawn, writer } from "./journal.fixture.ts";
import { openJournal } from "./journal.ts";

// A process that writes lines as fast as it can, several at once, and tells its parent each number that it was answered, until it is killed.
const journal = openJournal({ folder: process.argv[2] ?? "", keys: ring(), writer, now: () => new Date(0) });
const writeOn = async (): Promise<void> => {
  process.stdout.write(`${await journal.write(withdrawn)}\n`);
  return writeOn();
};
await Promise.all(Array.from({ length: 8 }, writeOn));
