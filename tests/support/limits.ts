import { sql } from "drizzle-orm";
import { outbox } from "../../db/schema/servers.ts";
import { seal } from "../../lib/crypto/sealed.ts";
import type { Services } from "../../lib/services.ts";
import type { TestDatabase } from "./database.ts";

/** Zones whose clocks change by an hour and by half an hour, and the instants of a spring and of an autumn at which they do. */
export const CHANGES = [
  { zone: "Europe/Rome", season: "spring", at: "2027-03-28T01:00:00Z" },
  { zone: "Europe/Rome", season: "autumn", at: "2027-10-31T01:00:00Z" },
  { zone: "Australia/Lord_Howe", season: "spring", at: "2027-10-02T15:30:00Z" },
  { zone: "Australia/Lord_Howe", season: "autumn", at: "2027-04-03T15:00:00Z" },
] as const;

/** The same numbers in every run: a xorshift. */
export function seeded(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

const days = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant on the clocks of a zone, by Intl: a second opinion beside PostgreSQL's. */
export function localDay(at: number, zone: string): string {
  const format =
    days.get(zone) ??
    new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  days.set(zone, format);
  return format.format(at);
}

/** Sets the database's clock so that `app_now()` is about `at`. @returns how far it is from the machine's, in milliseconds */
export async function setClock(d: TestDatabase, at: number): Promise<number> {
  const { rows } = await d.owner.pool.query<{ ms: string }>(
    "update clock set offset_ms = extract(epoch from $1::timestamptz - clock_timestamp()) * 1000 returning offset_ms as ms",
    [new Date(at).toISOString()],
  );
  return Number(rows[0]?.ms ?? 0);
}

/** A mail to staff in the outbox of an organization, due at once. */
export async function systemMail(s: Services, organization: string, to = "ada@example.it"): Promise<string> {
  const id = s.randomId();
  const place = { table: "outbox", row: id, column: "payload" };
  const payload = seal(s.keys, place, Buffer.from(JSON.stringify({ to })), s.randomBytes);
  const now = sql`app_now()` as never;
  await s.db.insert(outbox).values({ ...{ id, organization, payload, kind: "alert" }, dueAt: now, createdAt: now });
  return id;
}

/** The most that lie within any `ms` milliseconds of sorted instants. */
export function mostWithin(instants: number[], ms: number): number {
  let [most, first] = [0, 0];
  for (const [i, at] of instants.entries()) {
    while ((instants[first] as number) <= at - ms) first++;
    most = Math.max(most, i - first + 1);
  }
  return most;
}
