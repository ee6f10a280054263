import type { Db } from "../db/client.ts";
import type { Config } from "./config.ts";
import type { KeyRing } from "./crypto/keys.ts";
import type { Journal } from "./journal/journal.ts";

/** One structured line: an event's name and facts that name nobody (no address, no token). */
export type Logger = Record<"info" | "warn" | "error", (event: string, facts?: Record<string, unknown>) => void>;

/** Host name to addresses (A and AAAA), as the operating system or a test answers. */
export type Resolve = (host: string) => Promise<string[]>;

/** The world a verb acts in. Tests pass a real database and keys, and their own randomness, names and log. */
export type Services = {
  db: Db;
  keys: KeyRing;
  journal: Journal;
  config: Config;
  log: Logger;
  randomBytes(n: number): Buffer;
  /** A new uuid version 7. */
  randomId(): string;
  resolve: Resolve;
};

/** Runs `work` in a transaction (in a savepoint when one is at hand), with Services whose `db` is that transaction. */
export function inTransaction<T>(s: Services, work: (s: Services) => Promise<T>): Promise<T> {
  return s.db.transaction((db) => work({ ...s, db }));
}
