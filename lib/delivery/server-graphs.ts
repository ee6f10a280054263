import { sql } from "drizzle-orm";
import { serverRow } from "../servers/find.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** The four ranges of the hosts' panels, each with the step of its points. */
export const RANGES = {
  day: { long: "24 hours", step: "5 minutes" },
  week: { long: "7 days", step: "30 minutes" },
  month: { long: "30 days", step: "2 hours" },
  year: { long: "365 days", step: "1 day" },
} as const;
export type Range = keyof typeof RANGES;

export const SERIES = ["queue", "accepted", "deferred", "rejected"] as const;
export type Series = (typeof SERIES)[number];

/** A step of a graph; null where no worker ran: a gap, not zero. */
export type Point = { at: Date } & Record<Series, number | null>;
/** `now`: the newest point there is. `total` of the queue says nothing and is null. */
export type Summary = Record<Series, { now: number; mean: number; most: number; total: number | null }>;

/**
 * What a server did over a range: queue length at the end of each step (its mean over it), and what was accepted, deferred and rejected in it.
 * @throws NotFound
 */
// "Index Scan using server_samples_server_at_pk" (server = s and at > …): 105,120 samples for a year at most, joined to the steps by hash.
export async function serverGraphs(
  s: Services,
  o: { who: Who; server: string; range: Range },
): Promise<{ points: Point[]; summary: Summary }> {
  requireRight(o.who, "servers.see");
  const server = await serverRow(s.db, { organization: o.who.organization, server: o.server });
  const { long, step } = RANGES[o.range];
  const { rows } = await s.db.execute<Record<string, string | null>>(sql`
    with ends as materialized (select date_bin(${step}::interval, app_now(), 'epoch'::timestamptz) + ${step}::interval as at),
    steps as (select generate_series(at - ${long}::interval, at - ${step}::interval, ${step}::interval) as begins from ends),
    summed as (
      select date_bin(${step}::interval, x.at - interval '1 second', 'epoch'::timestamptz) as begins, round(avg(x.queue)) as queue, sum(x.accepted) as accepted,
             sum(x.deferred) as deferred, sum(x.rejected) as rejected
        from server_samples x, ends where x.server = ${server.id}::uuid and x.at > ends.at - ${long}::interval group by 1
    )
    select steps.begins as at, s.queue, s.accepted, s.deferred, s.rejected from steps left join summed s on s.begins = steps.begins order by 1`);
  const n = (text: string | null | undefined) => (text === null || text === undefined ? null : Number(text));
  const points = rows.map((row) => ({
    at: new Date(String(row.at)),
    ...{ queue: n(row.queue), accepted: n(row.accepted), deferred: n(row.deferred), rejected: n(row.rejected) },
  }));
  return { points, summary: summaryOf(points) };
}

export function summaryOf(points: Point[]): Summary {
  const of = (series: Series) => {
    const known = points.flatMap((point) => point[series] ?? []);
    const total = known.reduce((sum, one) => sum + one, 0);
    return {
      now: known.at(-1) ?? 0,
      mean: known.length > 0 ? total / known.length : 0,
      most: Math.max(0, ...known),
      total: series === "queue" ? null : total,
    };
  };
  return { queue: of("queue"), accepted: of("accepted"), deferred: of("deferred"), rejected: of("rejected") };
}
