import { HOUR, type ZoneDay } from "./forecast-days.ts";
import { type Route, RouteClock } from "./forecast-route.ts";
import { type Share, ShareClock } from "./forecast-share.ts";
import { ForecastTask, type Task } from "./forecast-task.ts";

export type ForecastInput = {
  at: Date;
  /** The campaign that is asked about. */
  task: Task;
  /** Campaigns that share servers with it. */
  others: Task[];
  routes: Route[];
  /** What borrowers may send over the servers that are lent to them. */
  shares?: Share[];
  /** Tries beside the first that a message needs on average (0.02: two in a hundred are deferred once). */
  retries?: number;
  /** The latest time at which a deferred message is tried again. */
  lastRetry?: Date;
};

/** What stands in the way of a plan, each with its number of people. */
export type Conflict =
  /** These would leave after the last day that is paid for. */
  | { kind: "expiry"; route: string; on: string; n: number }
  /** This campaign takes room on the same servers, until then. */
  | { kind: "collision"; task: string; n: number; until: Date }
  /** These do not leave before the campaign's own last instant, and so not at all. */
  | { kind: "not_after"; at: Date; n: number };

/** `n` leave on a calendar day (of the campaign's first server); `late` of them on a server whose service has expired by then. */
export type ForecastDay = { day: string; n: number; late: number };

export type Forecast = {
  days: ForecastDay[];
  /** How many leave from when on: one for each hour, or opening, in which some do. */
  batches: { at: Date; n: number }[];
  /** When the last one leaves; null when the plan does not end within ten years. */
  end: Date | null;
  conflicts: Conflict[];
};

const YEARS = 10 * 366 * 24 * HOUR;
/** Longer than any holiday, ramp or closed week: whoever has not moved by then does not move. */
const STUCK = 60 * 24 * HOUR;

/**
 * When a campaign ends, how many leave on which day, and what stands in the way: a pure function, the same for pages, checks and worker (design: §5, Forecast).
 * Walks from hour to hour and counts as the engine does: limit − max(0, reserve − system mail) − what is used, of each window; calendar days of the zone, so
 * 23 or 25 hours are one day; weekdays, hours, holidays, ramp; of the campaigns on a server the higher priority first, equal ones in turns. System mail
 * to come is counted as its reserve.
 */
export function forecast(o: ForecastInput): Forecast {
  const extra = Math.max(0, o.retries ?? 0);
  const begin = o.at.getTime();
  const clocks = o.routes.map((route) => new RouteClock(route, { at: begin, extra }));
  const lent = sharesOf(o, clocks);
  const [mine, ...others] = [o.task, ...o.others].map(
    (task) => new ForecastTask(task, clocks, lent.get(task.organization) ?? new Map()),
  );
  if (!mine) throw new Error("no task");
  const plan = new Plan(mine, clocks);
  const age = ({ task }: ForecastTask) => task.launched?.getTime() ?? Number.POSITIVE_INFINITY;
  const tasks = [mine, ...others].sort((a, b) => (age(a) === age(b) ? 0 : age(a) - age(b)));
  let moved = begin;
  let t = begin;
  while (mine.left > 0 && t < mine.until && t - begin < YEARS && t - Math.max(moved, mine.from) < STUCK) {
    const next = stepEnd(t, tasks, clocks);
    if (step({ t, next, tasks, clocks }) > 0) moved = t;
    plan.add(t, others);
    t = next;
  }
  return plan.result(o, t);
}

/** The shares of each borrower; all of its campaigns take from the same one. */
function sharesOf(o: ForecastInput, clocks: RouteClock[]): Map<string, Map<RouteClock, ShareClock>> {
  const found = new Map<string, Map<RouteClock, ShareClock>>();
  for (const share of o.shares ?? []) {
    const clock = clocks.find(({ route }) => route.id === share.route);
    if (!clock) continue;
    const of = found.get(share.organization) ?? new Map<RouteClock, ShareClock>();
    found.set(share.organization, of.set(clock, new ShareClock(share, clock, o.at.getTime())));
  }
  return found;
}

/** Where this step ends: at the next hour (of the clocks of all zones), or where a campaign or a server begins or stops; later while nothing may leave. */
function stepEnd(t: number, tasks: ForecastTask[], clocks: RouteClock[]): number {
  const asleep = Math.min(...clocks.map((clock) => clock.wake(t)));
  // Quarters of an hour where a zone is half an hour, or a quarter, beside the others.
  const whole = ({ begins, ends }: ZoneDay) => begins % HOUR === 0 && ends % HOUR === 0;
  const grid = clocks.every((clock) => whole(clock.days.at(t))) ? HOUR : HOUR / 4;
  let next = Math.max(asleep, Math.floor(t / grid) * grid + grid);
  const edges = [...tasks.flatMap((task) => [task.from, task.until]), ...clocks.map(({ from }) => from)];
  for (const one of [...edges, ...clocks.map((clock) => clock.forgets(t))]) if (one > t && one < next) next = one;
  return next;
}

/** Deals out what may leave between two instants. @returns how many messages of any campaign left */
function step(o: { t: number; next: number; tasks: ForecastTask[]; clocks: RouteClock[] }): number {
  const room = new Map(o.clocks.map((clock) => [clock, clock.capacity(o.t, o.next)]));
  for (const task of o.tasks) task.begin(o.t);
  if (Math.max(...room.values()) <= 0) return 0;
  const levels = [...new Set(o.tasks.map(({ task }) => task.priority))].sort((a, b) => b - a);
  let sum = 0;
  for (const level of levels) {
    const tasks = o.tasks.filter(({ task }) => task.priority === level);
    // What one server could not take of its part is offered to the others again.
    for (let n = dealOut(o.t, tasks, room); n > 0; n = dealOut(o.t, tasks, room)) sum += n;
  }
  return sum;
}

/** One round over the servers: each shares its room fairly between the campaigns that want it. */
function dealOut(t: number, tasks: ForecastTask[], room: Map<RouteClock, number>): number {
  let sum = 0;
  const wishes = new Map(tasks.map((task) => [task, task.wishes(t, room)]));
  for (const [clock, free] of room) {
    const wants = tasks.map((task) => task.most(clock, wishes.get(task)?.get(clock) ?? 0));
    const grants = inTurns(withinShares(t, clock, tasks, wants), free, clock.turn(t));
    const before = clock.sent;
    for (const [i, task] of tasks.entries()) {
      const n = grants[i] ?? 0;
      if (n === 0) continue;
      // Taking turns: by the time this one's last has left, the others had as many, or all that they got.
      const place = before + grants.reduce((total, other) => total + Math.min(other, n), 0);
      task.take(clock, { n, at: t, last: clock.after(t, place) });
      clock.take(t, n);
      sum += n;
    }
    room.set(clock, free - (clock.sent - before));
  }
  return sum;
}

/** Campaigns of one borrower want no more of a lent server together than its share leaves. */
function withinShares(t: number, clock: RouteClock, tasks: ForecastTask[], wants: number[]): number[] {
  const within = [...wants];
  for (const share of new Set(tasks.map((task) => task.shares.get(clock)))) {
    if (!share) continue;
    const ours = tasks.flatMap((task, i) => (task.shares.get(clock) === share ? [i] : []));
    const parts = inTurns(
      ours.map((i) => wants[i] ?? 0),
      Math.max(0, share.room(clock.days.at(t).day)),
    );
    for (const [k, i] of ours.entries()) within[i] = parts[k] ?? 0;
  }
  return within;
}

/**
 * Shares `free` between wishes so that nobody gets more than another who still wants; what is left over goes to those whose turn it is.
 * @param turn how many have left before: as the engine deals them out (lib/delivery/turns.ts)
 */
function inTurns(wants: number[], free: number, turn = 0): number[] {
  const got = wants.map(() => 0);
  let left = Math.min(
    free,
    wants.reduce((a, b) => a + b, 0),
  );
  while (left > 0) {
    const open = wants.flatMap((want, i) => (want > (got[i] ?? 0) ? [i] : []));
    const each = Math.floor(left / open.length);
    const first = turn % open.length;
    for (const [k, i] of [...open.slice(first), ...open.slice(0, first)].entries()) {
      const n = Math.min((wants[i] ?? 0) - (got[i] ?? 0), each === 0 ? (k < left ? 1 : 0) : each);
      got[i] = (got[i] ?? 0) + n;
    }
    left =
      Math.min(
        free,
        wants.reduce((a, b) => a + b, 0),
      ) - got.reduce((a, b) => a + b, 0);
  }
  return got;
}

/** The plan as it grows. */
class Plan {
  private readonly days = new Map<string, ForecastDay>();
  private readonly batches: Forecast["batches"] = [];
  private readonly late = new Map<RouteClock, number>();
  private readonly met = new Map<string, { n: number; until: Date }>();
  private readonly mine: ForecastTask;
  private readonly clocks: RouteClock[];

  constructor(mine: ForecastTask, clocks: RouteClock[]) {
    this.mine = mine;
    this.clocks = clocks;
  }

  /** Takes over what a step did. */
  add(t: number, others: ForecastTask[]): void {
    let [n, late] = [0, 0];
    for (const [clock, got] of this.mine.got) {
      n += got;
      if (!clock.expired(t)) continue;
      late += got;
      this.late.set(clock, (this.late.get(clock) ?? 0) + got);
    }
    for (const other of others) this.meet(t, other);
    const first = this.clocks[0];
    if (n === 0 || !first) return;
    const { day } = first.days.at(t);
    const old = this.days.get(day) ?? { day, n: 0, late: 0 };
    this.days.set(day, { day, n: old.n + n, late: old.late + late });
    this.batches.push({ at: new Date(t), n });
  }

  /** Another campaign got room of a server that this one uses too, while this one waits or sends. */
  private meet(t: number, other: ForecastTask): void {
    let n = 0;
    for (const [clock, got] of other.got) if (this.mine.uses(clock)) n += got;
    if (n === 0 || t < this.mine.from) return;
    const old = this.met.get(other.task.id)?.n ?? 0;
    this.met.set(other.task.id, { n: old + n, until: new Date(other.last) });
  }

  result(o: ForecastInput, t: number): Forecast {
    const { left, last, task } = this.mine;
    const over = task.notAfter !== undefined && t >= this.mine.until;
    const end = Math.min(this.mine.until, Math.max(last, o.lastRetry?.getTime() ?? 0));
    const conflicts: Conflict[] = [];
    for (const [{ route }, n] of this.late)
      conflicts.push({ kind: "expiry", route: route.id, on: route.expiresOn ?? "", n });
    for (const [id, { n, until }] of this.met) conflicts.push({ kind: "collision", task: id, n, until });
    if (task.notAfter && over && left > 0) conflicts.push({ kind: "not_after", at: task.notAfter, n: left });
    return {
      days: [...this.days.values()],
      batches: this.batches,
      end: left === 0 || over ? new Date(Math.max(o.at.getTime(), end)) : null,
      conflicts,
    };
  }
}
