import { and, desc, eq, inArray, lt } from "drizzle-orm";
import { ledgerEntries, ledgerQueue, ledgers } from "../../db/schema/consent.ts";
import { lists } from "../../db/schema/lists.ts";
import type { Entry } from "../ledger/record.ts";
import { textsByHash } from "../notices/versions.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** One line of the register: what the entry shows, which names nobody. */
export type RegisterLine = {
  seq: number;
  id: string;
  at: Date;
  kind: string;
  list?: { id: string; name: string };
  purpose?: string;
  level?: string;
  method?: string;
  /** Version of the first text shown: the box for a sign-up, the text itself where one was published. */
  textVersion?: number;
};

export type Register = { lines: RegisterLine[]; size: number; generation: number; waiting: number; next?: number };

/**
 * The ledger of the caller's organization as people read it, newest number first (its newest generation).
 * @param below only numbers under this `seq` · @param seq this entry alone
 */
export async function register(
  s: Services,
  o: { who: Who; below?: number; seq?: number; limit?: number },
): Promise<Register> {
  requireRight(o.who, "ledger.see");
  const { organization } = o.who;
  const limit = o.limit ?? 50;
  const waiting = await s.db.$count(ledgerQueue, eq(ledgerQueue.organization, organization));
  const [ledger] = await s.db
    .select()
    .from(ledgers)
    .where(eq(ledgers.organization, organization))
    .orderBy(desc(ledgers.generation))
    .limit(1);
  if (!ledger) return { lines: [], size: 0, generation: 1, waiting };
  const rows = await s.db
    .select({ seq: ledgerEntries.seq, entry: ledgerEntries.entry })
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.ledger, ledger.id),
        o.below === undefined ? undefined : lt(ledgerEntries.seq, o.below),
        o.seq === undefined ? undefined : eq(ledgerEntries.seq, o.seq),
      ),
    )
    .orderBy(desc(ledgerEntries.seq))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const lines = await linesOf(s, organization, page);
  const last = page.at(-1);
  const { size, generation } = ledger;
  return { lines, size, generation, waiting, ...(rows.length > limit && last ? { next: last.seq } : {}) };
}

async function linesOf(s: Services, organization: string, rows: { seq: number; entry: Buffer }[]) {
  const entries = rows.map((row) => ({ seq: row.seq, entry: JSON.parse(row.entry.toString()) as Entry }));
  const named = await namesOf(
    s,
    organization,
    entries.flatMap(({ entry }) => entry.list ?? []),
  );
  const hashes = entries.flatMap(({ entry }) => entry.notice?.[0] ?? []);
  const texts = await textsByHash(s, { organization, hashes: [...new Set(hashes)] });
  return entries.map(({ seq, entry }): RegisterLine => {
    const { id, at, kind, list, purpose, level, method, notice } = entry;
    const text = texts.find((one) => one.sha256 === notice?.[0]);
    return {
      ...{ seq, id, kind, at: new Date(at) },
      ...(list ? { list: { id: list, name: named.get(list) ?? "" } } : {}),
      ...(purpose ? { purpose } : {}),
      ...(level ? { level } : {}),
      ...(method ? { method } : {}),
      ...(text ? { textVersion: text.version } : {}),
    };
  });
}

async function namesOf(s: Services, organization: string, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await s.db
    .select({ id: lists.id, name: lists.name })
    .from(lists)
    .where(and(eq(lists.organization, organization), inArray(lists.id, [...new Set(ids)])));
  return new Map(rows.map((row) => [row.id, row.name]));
}
