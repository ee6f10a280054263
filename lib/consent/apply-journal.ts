import { statSync } from "node:fs";
import { eq, sql } from "drizzle-orm";
import { journalApplied, journalMarks } from "../../db/schema/installation.ts";
import { journalFile, journalWriters } from "../journal/file.ts";
import type { JournalLine } from "../journal/line.ts";
import { raiseMarks } from "../journal/marks.ts";
import { journalLines } from "../journal/read.ts";
import type { Services } from "../services.ts";
import { applyLine } from "./apply-line.ts";

/** The verb that wrote a line applies it; after this long it has failed, and its process applies the line here. */
const OWN_LINE_SECONDS = 30;

/** Writers known to be gone and applied to their end, by the size of their files then: kept by the caller, so that none is read twice. */
export type Finished = Map<string, number>;

/**
 * Applies what journals hold and the database lacks (formats.md §4, Tail): lines of processes whose session lock is gone, and own lines whose
 * transaction failed. To be run before a process's first send, then every few seconds. Not a restore, and locks nothing.
 * @param o.answered also of live processes that answer people, whatever the age of the line: before the first send after PostgreSQL was away,
 *   when they told people that they are out and nothing but their journals knew. Applied beside the verb itself, one of the two does nothing.
 * @throws JournalFault for a line that was changed: the start stops and names file and line
 * @returns how many lines were applied
 */
export async function applyTail(
  s: Services,
  o: { folder: string; finished: Finished; answered?: boolean },
): Promise<number> {
  let applied = 0;
  for (const writer of journalWriters(o.folder)) {
    const { size } = statSync(journalFile(o.folder, writer));
    // A process may be taken for gone while it only waits for PostgreSQL: when its file has grown, it is looked at again.
    if (o.finished.get(writer) === size) continue;
    const own = writer === s.journal.writer;
    const live = own ? undefined : await kindOfLive(s, writer);
    // A live worker applies its own lines; a live web process too, but not as soon as a first message may leave.
    if (live === "worker" || (live && !o.answered)) continue;
    const gone = !own && !live;
    applied += await applyFile(s, { folder: o.folder, writer, gone, patient: own && !o.answered });
    if (gone) o.finished.set(writer, size);
  }
  await raiseMarks(s.db);
  return applied;
}

/**
 * Applies own lines whose transaction failed: for a process that answers people while PostgreSQL is away, and outlives that.
 * @returns how many lines were applied
 */
export async function applyOwn(s: Services, o: { folder: string }): Promise<number> {
  const applied = await applyFile(s, { folder: o.folder, writer: s.journal.writer, gone: false, patient: true });
  if (applied > 0) await raiseMarks(s.db);
  return applied;
}

/** What a process of this start is that still holds one of its session locks (1, epoch): no clock says so, PostgreSQL does. */
async function kindOfLive(s: Services, writer: string): Promise<string | undefined> {
  const { rows } = await s.db.execute<{ kind: string }>(sql`
    select p.kind from processes p
      join pg_locks l on l.locktype = 'advisory' and l.classid = 1 and l.objid = p.epoch and l.objsubid = 2 and l.granted
       and l.database = (select oid from pg_database where datname = current_database())
     where p.boot = ${writer} limit 1`);
  return rows[0]?.kind;
}

type File = { folder: string; writer: string; gone: boolean; patient: boolean };

async function applyFile(s: Services, o: File): Promise<number> {
  const { mark, above } = await appliedOf(s, o.writer);
  // Its own file grows by a line a second of sending: it is read again only while something of it is not applied.
  if (o.writer === s.journal.writer && mark >= s.journal.written()) return 0;
  let applied = 0;
  for await (const line of journalLines({ ...o, keys: s.keys, onTear: tearReported(s, o) })) {
    if (line.n <= mark || above.has(line.n) || (o.patient && (await isYoung(s, line)))) continue;
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
