import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { standingOf } from "../contacts/types.ts";
import { countAudience } from "./gate.ts";

/** How many people stand how on a list. `about`: too many to count at each look, so the figures are estimates. */
export type ListFigures = { active: number; pending: number; left: number; stopped: number; about: boolean };

/** Up to here people are put to the gate one by one; a list beyond is estimated. */
const EXACT = 10_000;

/**
 * How many people of a list the gate lets through now, how many left and how many it stops for another reason; and how many requests are open.
 * Small lists exactly, through the gate; of a large one PostgreSQL's own estimates (EXPLAIN): a count of a million at each look would take seconds.
 */
export async function listFigures(
  db: Db,
  o: { organization: string; list: string; purpose: string; at: Date; real: boolean },
): Promise<ListFigures> {
  const pending = await openRequests(db, o);
  if (await isLarge(db, o)) {
    const open = await estimate(db, sql`and ended_at is null`, o);
    const left = await estimate(db, sql`and ended_reason = 'withdrawn'`, o);
    return { active: open, left, stopped: 0, pending, about: true };
  }
  const counted = await countAudience(db, { ...o, lists: [o.list] });
  const refused = counted.refused.filter((one) => one.reason !== "erased"); // nobody is there any more
  const left = refused.filter((one) => standingOf(one.reason) === "left").reduce((sum, one) => sum + one.n, 0);
  const all = refused.reduce((sum, one) => sum + one.n, 0);
  return { active: counted.allowed, left, stopped: all - left, pending, about: false };
}

async function isLarge(db: Db, o: { list: string; purpose: string }): Promise<boolean> {
  const { rows } = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from (select from bases where list = ${o.list} and purpose = ${o.purpose} limit ${EXACT + 1}) b`);
  return (rows[0]?.n ?? 0) > EXACT;
}

/** Requests that wait for an answer: at most a week's, found by the index of those that are due. */
async function openRequests(db: Db, o: { list: string; at: Date }): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from confirmations
     where list = ${o.list} and outcome is null and expires_at > ${o.at.toISOString()}`);
  return rows[0]?.n ?? 0;
}

async function estimate(db: Db, condition: ReturnType<typeof sql>, o: { list: string; purpose: string }) {
  const { rows } = await db.execute<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(
    sql`explain (format json) select from bases where list = ${o.list} and purpose = ${o.purpose} ${condition}`,
  );
  return rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}
