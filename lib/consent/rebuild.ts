import { asc, eq } from "drizzle-orm";
import { consentEvents } from "../../db/schema/consent.ts";
import { subjects } from "../../db/schema/contacts.ts";
import { open, openWith } from "../crypto/sealed.ts";
import type { LedgerRecord } from "../ledger/record.ts";
import type { Services } from "../services.ts";

export type RebuiltBasis = {
  contact: string;
  list: string;
  purpose: string;
  event: string;
  level: string;
  simulated: boolean;
  from: Date;
  until: Date;
  endedAt: Date | null;
  endedReason: string | null;
};

/**
 * The projection, made anew from the events alone (CC-06): what `bases` holds must be this, for everybody whose key still exists.
 * @returns intervals in the order of their beginning, without their own ids
 */
export async function rebuildBases(s: Services, o: { organization: string }): Promise<RebuiltBasis[]> {
  const rows = await s.db
    .select({ event: consentEvents, subject: subjects })
    .from(consentEvents)
    .innerJoin(subjects, eq(subjects.id, consentEvents.subjectRow))
    .where(eq(consentEvents.organization, o.organization))
    .orderBy(asc(consentEvents.at), asc(consentEvents.id));
  const built: RebuiltBasis[] = [];
  for (const { event, subject } of rows) {
    if (!subject.key) continue;
    const key = open(s.keys, { table: "subjects", row: subject.id, column: "key" }, subject.key);
    const place = { table: "consent_events", row: event.id, column: "sealed" };
    play(built, JSON.parse(openWith(key, place, event.sealed).toString()) as LedgerRecord);
  }
  return built;
}

/** One event on top of what came before. */
function play(built: RebuiltBasis[], record: LedgerRecord): void {
  const { contact, list, purpose } = record;
  if (!contact || !list || !purpose) return;
  const at = new Date(record.at);
  const mine = built.filter((b) => b.contact === contact && b.list === list && b.purpose === purpose);
  const open = mine.find((b) => b.endedAt === null);
  if (record.kind === "consent.withdrawn" && open) Object.assign(open, { endedAt: at, endedReason: "withdrawn" });
  if (record.kind !== "consent.confirmed" && record.kind !== "withdrawal.undone") return;
  if (record.kind === "consent.confirmed" && open) Object.assign(open, { endedAt: at, endedReason: "replaced" });
  const until = new Date(record.valid_until ?? record.at);
  if (until <= at) return;
  const simulated = record.mail?.simulated ?? mine.at(-1)?.simulated ?? false;
  const level = record.level ?? "E0";
  built.push({
    contact,
    list,
    purpose,
    event: record.id,
    level,
    simulated,
    from: at,
    until,
    endedAt: null,
    endedReason: null,
  });
}
