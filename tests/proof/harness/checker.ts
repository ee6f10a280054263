import type pg from "pg";
import type { Copy } from "./ledger.ts";

/** What the checker reads beside SQL: the ledgers of the sinks, by the id of the server that leads there. */
export type Truth = {
  server: string;
  copies: Copy[];
  mails: number[];
};

/** The clock of the database against that of the machine, from `since` (epoch ms) on. */
export type ClockMove = { since: number; offset: number };

export type Checked = {
  lost: number;
  twice: number;
  late: number;
  over: number;
  uncertain: number;
  recipients: number;
  wrong: string[];
};

type Row = {
  key: string;
  state: string;
  decided: string;
  /** When she left (ms of the database's clock), or null. */
  left: string | null;
  open: boolean;
};

/** From the hand-off to MAIL at the server: what was handed over before somebody left may arrive a moment after it. */
const ON_ITS_WAY_MS = 3000;

/**
 * The six figures, from the sinks' ledgers and SQL alone.
 * lost: accepted and never arrived; arrived and nobody knows; without a final state in a campaign that ended.
 * twice: copies beyond the first of one campaign to one address. late: handed over, or begun at the server, after she left. over: beyond a limit.
 */
export async function check(pool: pg.Pool, truths: Truth[], moves: ClockMove[]): Promise<Checked> {
  const { rows } = await pool.query<Row>(`
    select c.number || '.' || d.position as key, d.state::text, extract(epoch from d.decided_at) * 1000 as decided,
           extract(epoch from least((select min(b.ended_at) from bases b where b.contact = d.contact and b.list = d.list and b.ended_reason <> 'replaced'),
             (select min(u.from_at) from suppressions u join contact_keys k on k.kid = u.kid and k.key = u.key
               where k.contact = d.contact and u.organization = c.organization and (u.list is null or u.list = d.list)))) * 1000 as left,
           c.state not in ('ended', 'cancelled', 'stopped') as open
      from deliveries d join campaigns c on c.id = d.campaign`);
  const copies = truths.flatMap((truth) => truth.copies).filter((copy) => copy.messageId.startsWith("<c"));
  const byKey = new Map<string, Copy[]>();
  for (const copy of copies) {
    const key = keyOf(copy);
    byKey.set(key, [...(byKey.get(key) ?? []), copy]);
  }
  const found: Checked = { lost: 0, twice: 0, late: 0, over: 0, uncertain: 0, recipients: rows.length, wrong: [] };
  const known = new Set<string>();
  for (const row of rows) {
    known.add(row.key);
    judge(row, byKey.get(row.key) ?? [], found, moves);
  }
  const strangers = [...byKey.keys()].filter((key) => !known.has(key)).length;
  if (strangers > 0) found.wrong.push(`${strangers} messages of no delivery`);
  found.twice = twice(copies);
  const bare = copies.filter((copy) => !copy.leave).length;
  if (bare > 0) found.wrong.push(`${bare} messages without List-Unsubscribe`);
  found.over = await over(pool, truths, moves);
  found.wrong.push(...(await identity(pool)));
  return found;
}

/** Number of the campaign and position: the Message-ID is a function of the delivery. */
function keyOf(copy: Copy): string {
  return /^<c(\d+\.\d+)\./.exec(copy.messageId)?.[1] ?? copy.messageId;
}

function judge(row: Row, copies: Copy[], found: Checked, moves: ClockMove[]): void {
  const { state } = row;
  if (state === "uncertain") found.uncertain++;
  if (state === "accepted" && copies.length === 0) found.lost++;
  if (copies.length > 0 && state !== "accepted" && state !== "uncertain") {
    found.lost++;
    found.wrong.push(`${row.key} arrived and is ${state}`);
  }
  if (!row.open && ["pending", "claimed", "sending", "deferred"].includes(state)) found.lost++;
  if (row.left === null || copies.length === 0) return;
  const left = Number(row.left);
  const begun = Math.min(...copies.map((copy) => atDatabase(copy.begun, moves)));
  if (Number(row.decided) > left || begun > left + ON_ITS_WAY_MS) found.late++;
}

/** Beyond the first of one campaign to one address, and of one delivery: whichever sees more. */
function twice(copies: Copy[]): number {
  const beyond = (of: (copy: Copy) => string) => copies.length - new Set(copies.map(of)).size;
  const campaign = (copy: Copy) => /^<c(\d+)\./.exec(copy.messageId)?.[1];
  return Math.max(
    beyond(keyOf),
    beyond((copy) => `${campaign(copy)} ${copy.to}`),
  );
}

export function atDatabase(ms: number, moves: ClockMove[]): number {
  return ms + (moves.findLast((move) => move.since <= ms)?.offset ?? 0);
}

/** Beyond the limits: hours and days as MAIL came to the sink, seconds and minutes in any w of them (w + 1), and all of them in SQL. */
async function over(pool: pg.Pool, truths: Truth[], moves: ClockMove[]): Promise<number> {
  let sum = 0;
  for (const { server, mails } of truths) {
    const at = mails.map((ms) => atDatabase(ms, moves)).sort((a, b) => a - b);
    const { rows } = await pool.query<{ n: string }>(
      `with came as (select to_timestamp(ms / 1000.0) as at from unnest($2::float8[]) ms),
       seen as (
         select s.per_hour as most, count(*) as n from servers s, came where s.id = $1 group by s.per_hour, date_trunc('hour', at)
         union all
         select s.per_day, count(*) from servers s, came where s.id = $1 and s.day_window = 'calendar' group by s.per_day, date_trunc('day', at, s.zone)
         union all
         select case w.unit when 'second' then s.per_second when 'minute' then s.per_minute when 'hour' then s.per_hour else s.per_day end, w.campaign + w.system
           from server_windows w join servers s on s.id = w.server where s.id = $1 and (w.unit <> 'day' or s.day_window = 'calendar'))
       select coalesce(sum(n - most), 0) as n from seen where n > most`,
      [server, at],
    );
    sum += Number(rows[0]?.n ?? 0);
    const limits = await pool.query<{ second: number | null; minute: number | null }>(
      "select per_second as second, per_minute as minute from servers where id = $1",
      [server],
    );
    const { second, minute } = limits.rows[0] ?? {};
    if (second) for (const w of [1, 2, 5, 10, 60]) sum += beyondIn(at, w * 1000, second * (w + 1));
    if (minute) for (const w of [1, 2, 5]) sum += beyondIn(at, w * 60_000, minute * (w + 1));
  }
  return sum;
}

/** By how many the fullest span of `ms` is above `most`. */
function beyondIn(at: number[], ms: number, most: number): number {
  let [worst, from] = [0, 0];
  for (const [i, end] of at.entries()) {
    while ((at[from] ?? end) <= end - ms) from++;
    worst = Math.max(worst, i - from + 1 - most);
  }
  return worst;
}

/** The rows are the snapshot, and the counters of the pages say what the rows say (R1). One statement: one look. */
export async function identity(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ number: string; what: string }>(`
    with rows as (select campaign, state, coalesce(reason, '') as reason, count(*) as n from deliveries group by 1, 2, 3),
    counts as (select campaign, state, reason, sum(n) as n from campaign_counts group by 1, 2, 3 having sum(n) <> 0)
    select c.number, 'has ' || (select coalesce(sum(n), 0) from rows r where r.campaign = c.id) || ' rows and size ' || c.size as what from campaigns c
     where c.size <> (select coalesce(sum(n), 0) from rows r where r.campaign = c.id)
    union all
    select c.number, 'counts ' || coalesce(k.n, 0) || ' ' || coalesce(r.state, k.state) || ', its rows say ' || coalesce(r.n, 0)
      from rows r full join counts k on k.campaign = r.campaign and k.state = r.state and k.reason = r.reason
      join campaigns c on c.id = coalesce(r.campaign, k.campaign) where coalesce(r.n, 0) <> coalesce(k.n, 0)`);
  return rows.map(({ number, what }) => `campaign ${number} ${what}`);
}
