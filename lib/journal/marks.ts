import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { journalApplied } from "../../db/schema/installation.ts";

/** Says, in the transaction that applies a line, that it is applied (formats.md §4). */
export async function markApplied(db: Db, line: { writer: string; n: number }): Promise<void> {
  await db.insert(journalApplied).values(line).onConflictDoNothing();
}

/**
 * Raises each writer's mark over the applied lines that follow it without a gap, and forgets their rows.
 * A later line may commit before an earlier one: rows above a gap stay until it closes.
 */
export async function raiseMarks(db: Db): Promise<void> {
  await db.execute(sql`
    with run as ( -- lines that follow the mark without a gap: n - row_number is constant along them
      select a.writer, a.n, coalesce(m.mark, 0) as mark, row_number() over (partition by a.writer order by a.n) as i
        from journal_applied a left join journal_marks m on m.writer = a.writer
       where a.n > coalesce(m.mark, 0)
    ),
    top as (select writer, max(n) as n from run where n = mark + i group by writer)
    insert into journal_marks as m (writer, mark) select writer, n from top
    on conflict (writer) do update set mark = greatest(m.mark, excluded.mark)`);
  await db.execute(
    sql`delete from journal_applied a using journal_marks m where m.writer = a.writer and a.n <= m.mark`,
  );
}
