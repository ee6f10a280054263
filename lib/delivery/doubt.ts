import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import type { Attempt } from "./types.ts";

/**
 * After a COMMIT whose answer was lost: which of these attempts did commit. They were not begun, whatever the database says, because only who drew an
 * attempt's id can begin it (R5).
 * @returns keys (`rowKey`) of rows that are in `sending` by this attempt (or were judged `uncertain` since), and of those still `claimed`
 */
export async function settleDoubt(
  db: Db,
  attempts: Attempt[],
): Promise<{ committed: Set<string>; claimed: Set<string> }> {
  const { rows } = await db.execute<{ campaign: string; position: number; state: string; same: boolean }>(sql`
    select a.campaign, a.position, d.state, d.attempt = a.attempt as same
      from unnest(${sql.param(attempts.map((a) => a.campaign))}::uuid[], ${sql.param(attempts.map((a) => a.position))}::int[],
                  ${sql.param(attempts.map((a) => a.attempt))}::uuid[], ${sql.param(attempts.map((a) => a.epoch))}::int[]) as a(campaign, position, attempt, epoch)
      join deliveries d on d.campaign = a.campaign and d.position = a.position and d.epoch = a.epoch`);
  const of = (keep: (row: (typeof rows)[number]) => boolean) => new Set(rows.filter(keep).map(rowKey));
  return {
    committed: of((row) => row.same && (row.state === "sending" || row.state === "uncertain")),
    claimed: of((row) => row.state === "claimed"),
  };
}

/** A delivery's place, as a key of maps and sets. */
export const rowKey = (row: { campaign: string; position: number }) => `${row.campaign}/${row.position}`;
