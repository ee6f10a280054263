import { sql } from "drizzle-orm";
import { release } from "./claim.ts";
import { rowKey } from "./doubt.ts";
import type { World } from "./world.ts";

/** What the lanes of a process have in their hands. */
export type Hands = { row(key: string): boolean; mail(id: string): boolean };

/** How often is looked: twice this is how long something may stay forgotten. */
const EVERY_MS = 5000;

/**
 * Finds what this epoch holds in the database and no lane knows of, because the answer to the statement that took it, or gave it back, was lost with its
 * connection. While the epoch lives nobody else may judge it, and a campaign would never end. Found in two looks it goes back: what was only just taken is
 * known by the second one. None of it was attempted: only a lane that has it in its hands begins it. System mail may leave once more (at least once).
 */
export class Forgotten {
  private readonly w: Pick<World, "s" | "owner">;
  private suspects = new Set<string>();
  private readonly everyMs: number;
  private lookAt: number;

  constructor(w: Pick<World, "s" | "owner">, everyMs = EVERY_MS) {
    this.w = w;
    this.everyMs = everyMs;
    this.lookAt = performance.now() + everyMs;
  }

  async look(hands: Hands): Promise<void> {
    if (performance.now() < this.lookAt) return;
    this.lookAt = performance.now() + this.everyMs;
    const { s, owner } = this.w;
    const held = await s.db.execute<{ campaign: string; position: number }>(
      sql`select campaign, position from deliveries where epoch = ${owner.epoch} and state = 'claimed'`,
    );
    const mails = await s.db.execute<{ id: string }>(
      sql`select id from outbox where epoch = ${owner.epoch} and state = 'sending'`,
    );
    const rows = held.rows.filter((row) => !hands.row(rowKey(row)));
    const ids = mails.rows.map(({ id }) => id).filter((id) => !hands.mail(id));
    const twice = (key: string) => this.suspects.has(key);
    const [lostRows, lostIds] = [rows.filter((row) => twice(rowKey(row))), ids.filter(twice)];
    this.suspects = new Set([...rows.map(rowKey), ...ids]);
    if (lostRows.length + lostIds.length === 0) return;
    s.log.warn("forgotten", { rows: lostRows.length, mails: lostIds.length });
    if (lostRows.length > 0) await release(s.db, { epoch: owner.epoch, rows: lostRows });
    if (lostIds.length > 0) {
      await s.db.execute(sql`
        update outbox set state = 'queued', epoch = null
         where id = any(${sql.param(lostIds)}::uuid[]) and state = 'sending' and epoch = ${owner.epoch}`);
    }
  }
}
