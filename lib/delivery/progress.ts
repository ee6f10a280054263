import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import type { Progress } from "../campaigns/types.ts";

/** Which of the three figures a state belongs to (design: §5, the identity). Uncertain: nobody knows, so it is not counted as done. */
const FIGURE: Record<string, "done" | "toDo" | "notSent"> = {
  accepted: "done",
  pending: "toDo",
  claimed: "toDo",
  sending: "toDo",
  deferred: "toDo",
  rejected: "notSent",
  uncertain: "notSent",
  excluded: "notSent",
  cancelled: "notSent",
};

/** How far a campaign is: one statement, so that the figures add up to the snapshot at every look. */
export async function progress(db: Db, o: { campaign: string }): Promise<Progress> {
  const { rows } = await db.execute<{ state: string; reason: string | null; n: string; lately: string }>(sql`
    select state, reason, count(*) as n, count(*) filter (where state = 'accepted' and sent_at > (select app_now()) - interval '5 minutes') as lately
      from deliveries where campaign = ${o.campaign}::uuid group by state, reason order by n desc`);
  const found: Progress = { size: 0, done: 0, toDo: 0, notSent: 0, states: [], reasons: [], lately: 0 };
  const states = new Map<string, number>();
  for (const row of rows) {
    const n = Number(row.n);
    found.size += n;
    found[FIGURE[row.state] ?? "toDo"] += n;
    found.lately += Number(row.lately);
    states.set(row.state, (states.get(row.state) ?? 0) + n);
    if (row.reason) found.reasons.push({ state: row.state, reason: row.reason, n });
  }
  found.states = [...states].map(([state, n]) => ({ state, n }));
  return found;
}
