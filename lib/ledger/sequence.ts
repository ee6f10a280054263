import { asc, eq, inArray, sql } from "drizzle-orm";
import { ledgerEntries, ledgerQueue, ledgers } from "../../db/schema/consent.ts";
import { inTransaction, type Services } from "../services.ts";
import { currentLedger } from "./ledgers.ts";
import { jcs } from "./record.ts";
import { leafHash } from "./tree.ts";

/** Entries numbered in one transaction: 500 rows are one INSERT well below 65,535 parameters. */
const BATCH = 500;

/**
 * Gives waiting entries of an organization their numbers 0, 1, 2 … without gaps, in the order of their ids (formats.md §1, Sequencer).
 * One process at a time: whoever does not get the lock leaves it to the one who has it. While sending is locked nothing gets a number.
 * @returns how many got one
 */
export function sequence(s: Services, organization: string): Promise<number> {
  return inTransaction(s, async (tx) => {
    const { rows } = await tx.db.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(2, hashtext(${organization})) and not exists (select from installation where locked_since is not null) as mine`,
    );
    if (!rows[0]?.mine) return 0;
    const waiting = await tx.db
      .select()
      .from(ledgerQueue)
      .where(eq(ledgerQueue.organization, organization))
      .orderBy(asc(ledgerQueue.id))
      .limit(BATCH);
    if (waiting.length === 0) return 0;
    const ledger = await currentLedger(tx, organization);
    await tx.db.insert(ledgerEntries).values(
      waiting.map((row, i) => {
        const seq = ledger.size + i;
        const entry = Buffer.from(jcs({ ...JSON.parse(row.entry), seq }));
        return { ledger: ledger.id, seq, id: row.id, entry, leaf: leafHash(entry) };
      }),
    );
    await tx.db.delete(ledgerQueue).where(
      inArray(
        ledgerQueue.id,
        waiting.map((row) => row.id),
      ),
    );
    await tx.db
      .update(ledgers)
      .set({ size: ledger.size + waiting.length })
      .where(eq(ledgers.id, ledger.id));
    return waiting.length;
  });
}

/** Numbers whatever waits, of every organization. Run every second: a row waits at most five (formats.md §1). */
export async function sequenceAll(s: Services): Promise<number> {
  const { rows } = await s.db.execute<{ organization: string }>(sql`select distinct organization from ledger_queue`);
  let numbered = 0;
  for (const { organization } of rows) {
    for (let n = BATCH; n === BATCH; numbered += n) n = await sequence(s, organization);
  }
  return numbered;
}
