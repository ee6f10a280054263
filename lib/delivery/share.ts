import { type SQL, sql } from "drizzle-orm";

/** A server of a campaign, as the others see it. `out`: paused, removed or ailing, so that others carry what it would have carried. */
export type Peer = { server: string; weight: number; out: boolean; domain: string };
export type Split = "weight" | "capacity" | "domain";

/** Positions `p` with `p mod total` in one of the ranges `[from, to)`. */
export type Buckets = { total: number; ranges: [from: number, to: number][] };

/**
 * What one server may take of a campaign: everything that waits, its buckets of positions, or nothing.
 *
 * - capacity: all take from the same rows, each as fast as it can.
 * - weight: positions are dealt out in turns of as many as the weights add up to; the buckets of a server that is out are open to all the others.
 * - domain: only servers that send as the sender's own domain take, so that its mail is aligned (DMARC). The first of them always does.
 *
 * A pure function of what every process reads in one statement: should two disagree for a moment, a row is still taken once, because it is locked.
 */
export function shareOf(o: { split: Split; server: string; sender: string; peers: Peer[] }): Buckets | "all" | "none" {
  if (o.peers.length < 2) return "all";
  if (o.split === "capacity") return "all";
  if (o.split === "domain") {
    const fitting = o.peers.filter((peer) => peer.domain === o.sender);
    return fitting.length === 0 || fitting.some((peer) => peer.server === o.server) ? "all" : "none";
  }
  return byWeight(o);
}

function byWeight({ server, peers }: { server: string; peers: Peer[] }): Buckets | "all" {
  const ranges: Buckets["ranges"] = [];
  let total = 0;
  for (const peer of peers) {
    if (peer.server === server || peer.out) ranges.push([total, total + peer.weight]);
    total += peer.weight;
  }
  return ranges.length === peers.length ? "all" : { total, ranges };
}

/** SQL: a position is in a share. */
export function bucketsSql(position: SQL, share: Buckets | "all"): SQL {
  if (share === "all") return sql``;
  const one = ([from, to]: [number, number]) =>
    sql`(${position} % ${share.total} >= ${from} and ${position} % ${share.total} < ${to})`;
  return sql`and (${sql.join(share.ranges.map(one), sql` or `)})`;
}
