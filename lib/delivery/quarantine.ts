import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { DomainError } from "../errors.ts";

/** A process that was frozen between the hand-off and its first byte may still wake up: nobody decides before that is past (reliability: W11). */
const QUARANTINE_MINUTES = 15;

/** SQL: the uncertain rows of a campaign, all or these positions. */
export function uncertainRows(campaign: string, positions: number[] | undefined): SQL {
  const these = positions ? sql`and position = any(${sql.param(positions)}::int[])` : sql``;
  return sql`campaign = ${campaign}::uuid and state = 'uncertain' ${these}`;
}

/**
 * How many uncertain rows may be decided by a person now.
 * @throws TOO_EARLY {minutes} while one of them is too young
 */
export async function decidable(db: Db, campaign: string, positions: number[] | undefined): Promise<number> {
  const { rows } = await db.execute<{ young: boolean; n: string }>(sql`
    select coalesce(bool_or(decided_at > (select app_now()) - ${QUARANTINE_MINUTES} * interval '1 minute'), false) as young, count(*) as n
      from deliveries where ${uncertainRows(campaign, positions)}`);
  if (rows[0]?.young) throw new DomainError("TOO_EARLY", { minutes: QUARANTINE_MINUTES });
  return Number(rows[0]?.n ?? 0);
}
