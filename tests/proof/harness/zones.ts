import type pg from "pg";

export type Change = { at: Date; kind: "spring" | "autumn" };

/** The next change of a zone's clocks to summer time and the next one back, in the order in which they come, more than two days from now. */
export function changesOf(zone: string, now: Date): Change[] {
  const minute = 60_000;
  const offset = (ms: number) => {
    const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(ms);
    const [, sign = "+", h = "0", m = "0"] =
      /GMT([+-])(\d+):(\d+)/.exec(parts.find((one) => one.type === "timeZoneName")?.value ?? "") ?? [];
    return (sign === "-" ? -1 : 1) * (Number(h) * 60 + Number(m));
  };
  const found: Change[] = [];
  const begin = Math.ceil(now.getTime() / minute) * minute + 2880 * minute;
  for (let ms = begin; found.length < 2; ms += 360 * minute) {
    const by = offset(ms + 360 * minute) - offset(ms);
    if (by === 0) continue;
    let [from, to] = [ms, ms + 360 * minute];
    while (to - from > minute) {
      const middle = from + Math.floor((to - from) / 2 / minute) * minute;
      if (offset(middle) === offset(ms)) from = middle;
      else to = middle;
    }
    found.push({ at: new Date(to), kind: by > 0 ? "spring" : "autumn" });
  }
  return found;
}

/** The local calendar days before, of and after a change, as the database counts them. */
export async function daysAround(
  pool: pg.Pool,
  zone: string,
  at: Date,
): Promise<{ name: string; begins: number; ends: number }[]> {
  const { rows } = await pool.query<{ name: string; begins: Date; ends: Date }>(
    `select to_char(day, 'YYYY-MM-DD') as name, day at time zone $1 as begins, (day + interval '1 day') at time zone $1 as ends
       from generate_series(-1, 1) n cross join lateral (select date_trunc('day', $2::timestamptz at time zone $1) + n * interval '1 day' as day) d order by n`,
    [zone, at],
  );
  return rows.map(({ name, begins, ends }) => ({ name, begins: begins.getTime(), ends: ends.getTime() }));
}
