import { eq, sql } from "drizzle-orm";
import { journalApplied, journalMarks } from "../../db/schema/installation.ts";
import { journalWriters } from "../journal/file.ts";
import type { JournalLine } from "../journal/line.ts";
import { raiseMarks } from "../journal/marks.ts";
import { journalLines } from "../journal/read.ts";
import type { Services } from "../services.ts";
import { applyLine } from "./apply-line.ts";

/** A live process applies its own lines itself, in the verb that wrote them; after this long the verb has failed and its line is applied here. */
const OWN_LINE_SECONDS = 30;

/**
 * Applies what journals hold and the database lacks (formats.md §4, Tail): lines of processes whose session lock is gone, and own lines whose
 * transaction failed. To be run before a process's first send, then every few seconds. Not a restore, and locks nothing.
 * @param finished writers known to be gone and applied to their end, kept by the caller so that no file is read twice
 * @throws JournalFault for a line that was changed: the start stops and names file and line
 * @returns how many lines were applied
 */
export async function applyTail(s: Services, o: { folder: string; finished: Set<string> }): Promise<number> {
  let applied = 0;
  for (const writer of journalWriters(o.folder)) {
    if (o.finished.has(writer)) continue;
    const own = writer === s.journal.writer;
    if (!own && (await isAlive(s, writer))) continue;
    applied += await applyFile(s, { folder: o.folder, writer, own });
    if (!own) o.finished.add(writer);
  }
  await raiseMarks(s.db);
  return applied;
}

/** Whether a process of this start still holds one of its session locks (1, epoch): no clock says so, PostgreSQL does. */
async function isAlive(s: Services, writer: string): Promise<boolean> {
  const { rows } = await s.db.execute(sql`
    select from processes p
      join pg_locks l on l.locktype = 'advisory' and l.classid = 1 and l.objid = p.epoch and l.objsubid = 2 and l.granted
       and l.database = (select oid from pg_database where datname = current_database())
     where p.boot = ${writer} limit 1`);
  return rows.length > 0;
}

async function applyFile(s: Services, o: { folder: string; writer: string; own: boolean }): Promise<number> {
  const { mark, above } = await appliedOf(s, o.writer);
  // Its own file grows by a line a second of sending: it is read again only while something of it is not applied.
  if (o.own && mark >= s.journal.written()) return 0;
  let applied = 0;
  for await (const line of journalLines({
    folder: o.folder,
    writer: o.writer,
    keys: s.keys,
    gone: !o.own,
    onTear: tearReported(s, o),
  })) {
    if (line.n <= mark || above.has(line.n) || (o.own && (await isYoung(s, line)))) continue;
    await applyLine(s, o.writer, line);
    applied++;
  }
  return applied;
}

async function appliedOf(s: Services, writer: string): Promise<{ mark: number; above: Set<number> }> {
  const [row] = await s.db.select().from(journalMarks).where(eq(journalMarks.writer, writer));
  const rows = await s.db.select({ n: journalApplied.n }).from(journalApplied).where(eq(journalApplied.writer, writer));
  return { mark: row?.mark ?? 0, above: new Set(rows.map((r) => r.n)) };
}

async function isYoung(s: Services, line: JournalLine): Promise<boolean> {
  const { rows } = await s.db.execute<{ young: boolean }>(
    sql`select ${line.at}::timestamptz > clock_timestamp() - ${OWN_LINE_SECONDS} * interval '1 second' as young`,
  );
  return rows[0]?.young ?? false;
}

function tearReported(s: Services, o: { writer: string }) {
  return (tear: { line: number; bytes: number }) => s.log.warn("journal.tear", { writer: o.writer, ...tear });
}
