import type { Db } from "../db/client.ts";
import type { Config } from "./config.ts";
import type { KeyRing } from "./crypto/keys.ts";
import type { Journal } from "./journal/journal.ts";

/** One structured line: an event's name and facts that name nobody (no address, no token). */
export type Logger = Record<"info" | "warn" | "error", (event: string, facts?: Record<string, unknown>) => void>;

/** Host name to addresses (A and AAAA), as the operating system or a test answers. */
export type Resolve = (host: string) => Promise<string[]>;

/** What a question to the DNS came to. `unknown`: no answer in time, a refusal, a broken one; it is never taken for a missing record. */
export type DnsAnswer<T> = { is: "found"; records: T[] } | { is: "missing" } | { is: "unknown" };
export type DnsTypes = {
  TXT: string;
  MX: { exchange: string; priority: number };
  A: string;
  AAAA: string;
  NS: string;
  CNAME: string;
  PTR: string;
};

/** Asks the system's resolvers, or (`at`) the name servers at these addresses themselves. Never throws. */
export type Dns = <T extends keyof DnsTypes>(name: string, type: T, at?: string[]) => Promise<DnsAnswer<DnsTypes[T]>>;

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
  dns: Dns;
};

/** Runs `work` in a transaction (in a savepoint when one is at hand), with Services whose `db` is that transaction. */
export function inTransaction<T>(s: Services, work: (s: Services) => Promise<T>): Promise<T> {
  return s.db.transaction((db) => work({ ...s, db }));
}
