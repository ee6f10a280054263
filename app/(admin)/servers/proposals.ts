/** Proposed limits by kind: a shared mailbox may send a few hundred a day, a dedicated server has no limit of its own. */
export const PROPOSALS = {
  shared: { perDay: 250, perHour: 60, perMinute: null, perSecond: null, reserve: 20, connections: 1 },
  dedicated: { perDay: null, perHour: null, perMinute: null, perSecond: null, reserve: 0, connections: 4 },
} as const;
