/** A campaign that wants to send over a server. `room`: what its own pace leaves; null: no pace of its own. */
export type Rival = { priority: number; room: number | null };

/**
 * Shares what a server lets through among the campaigns that want it: those of a higher priority first, equal ones in turns, a row of each after a row of each.
 * What one does not take the others of its priority take, and what they leave the next priority takes.
 * @param o.turn whose turn it is first among equals: a figure that grows with what was sent, so that also with one message an hour each comes to its turn
 * @param o.take up to `n` rows of a campaign; fewer: it has no more
 */
export async function takeTurns<C extends Rival, R>(o: {
  campaigns: C[];
  turn: number;
  room: number;
  take: (campaign: C, n: number) => Promise<R[]>;
}): Promise<R[]> {
  const rows: R[] = [];
  for (const priority of [...new Set(o.campaigns.map((one) => one.priority))].sort((a, b) => b - a)) {
    if (rows.length >= o.room) break;
    const equals = o.campaigns.filter((one) => one.priority === priority);
    const first = o.turn % equals.length;
    const inTurn = [...equals.slice(first), ...equals.slice(0, first)];
    rows.push(...(await share({ campaigns: inTurn, room: o.room - rows.length, take: o.take })));
  }
  return rows;
}

async function share<C extends Rival, R>(o: {
  campaigns: C[];
  room: number;
  take: (campaign: C, n: number) => Promise<R[]>;
}): Promise<R[]> {
  const shares = o.campaigns.map((campaign) => ({ campaign, rows: [] as R[] }));
  let [left, wanting] = [o.room, shares];
  while (left > 0 && wanting.length > 0) {
    const next: typeof shares = [];
    for (const [i, one] of wanting.entries()) {
      const n = Math.min(Math.ceil(left / (wanting.length - i)), (one.campaign.room ?? Infinity) - one.rows.length);
      if (n <= 0) continue;
      const rows = await o.take(one.campaign, n);
      one.rows.push(...rows);
      left -= rows.length;
      if (rows.length === n) next.push(one);
    }
    wanting = next;
  }
  return inRounds(shares.map((one) => one.rows));
}

/** The first of each, the second of each, and so on. */
function inRounds<R>(lists: R[][]): R[] {
  const most = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: most }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
