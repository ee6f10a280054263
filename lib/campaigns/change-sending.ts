import { eq } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { DraftChange } from "./draft.ts";
import { columnsOf, draftOf, findCampaign } from "./find.ts";
import { checkSending } from "./save.ts";
import { readTimes, type TypedSending } from "./save-sending.ts";
import type { Sending } from "./types.ts";

/** What may be changed once it is under way: everything but the order, which is in the snapshot. */
export type ChangedSending = Omit<TypedSending, "sendOrder">;

/**
 * Changes time, pace, hours, priority and last instant of a campaign that was launched; the engine takes it over at its next look. The start alone is over
 * once it has begun. What was left out because its last instant had passed stays out.
 * @throws CAMPAIGN_NOT_UNDER_WAY · CAMPAIGN_HOURS · CAMPAIGN_NOT_AFTER · what `startAt` does, with the field · NotFound
 */
export async function changeSending(
  s: Services,
  o: { who: Who; campaign: string; typed: ChangedSending },
): Promise<void> {
  requireRight(o.who, "campaigns.write");
  const { organization, user } = o.who;
  const { startsAt, ...times } = await readTimes(s, { organization, ...o.typed });
  await inTransaction(s, async (tx) => {
    const row = await findCampaign(tx.db, { organization, campaign: o.campaign, lock: true });
    if (!["scheduled", "sending", "paused"].includes(row.state)) throw new DomainError("CAMPAIGN_NOT_UNDER_WAY");
    const waits = row.state === "scheduled";
    if (waits && startsAt === null) throw new DomainError("SCHEDULE_UNREADABLE", { field: "startsAt" });
    const { perHour, weekdays, hourFrom, hourTo, priority } = o.typed;
    const change = { ...times, perHour, weekdays, hourFrom, hourTo, priority, ...(waits ? { startsAt } : {}) };
    const before = draftOf(row, []);
    const now = DraftChange.parse(change) as Partial<Sending>;
    checkSending({ ...before, startsAt: (await appNow(tx.db)).toISOString(), ...now });
    await tx.db.update(campaigns).set(columnsOf(now)).where(eq(campaigns.id, row.id));
    const facts = factsOf(before, now);
    await audit(tx, { organization, user, action: "campaign.sending_changed", object: row.id, facts });
  });
}

/** What changed, from what to what. */
function factsOf(before: Sending, now: Partial<Sending>): Record<string, string> {
  const keys = (Object.keys(now) as (keyof Sending)[]).filter((key) => String(now[key]) !== String(before[key]));
  return Object.fromEntries(keys.map((key) => [key, `${before[key] ?? "-"} > ${now[key] ?? "-"}`]));
}
