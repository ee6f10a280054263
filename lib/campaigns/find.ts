import { and, asc, eq } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { campaignLists, campaigns } from "../../db/schema/campaigns.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";
import type { Draft, Sending } from "./types.ts";

export type Campaign = typeof campaigns.$inferSelect;
export type Organization = typeof organizations.$inferSelect;

/**
 * A campaign of an organization; another one's, or what is no id at all, does not exist.
 * @param lock keeps others from changing it until the transaction ends
 */
export async function findCampaign(
  db: Db,
  o: { organization: string; campaign: string; lock?: boolean },
): Promise<Campaign> {
  if (!isUuid(o.campaign)) throw new NotFound("campaign");
  const query = db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.id, o.campaign), eq(campaigns.organization, o.organization)));
  const [row] = await (o.lock ? query.for("update") : query);
  if (!row) throw new NotFound("campaign");
  return row;
}

export async function listsOf(db: Db, campaign: string): Promise<string[]> {
  const rows = await db
    .select({ list: campaignLists.list })
    .from(campaignLists)
    .where(eq(campaignLists.campaign, campaign))
    .orderBy(asc(campaignLists.list));
  return rows.map((row) => row.list);
}

/** The part of a row that a person writes. */
export function draftOf(row: Campaign, lists: string[]): Draft {
  const { name, subject, preheader, fromName, replyTo, mjml, text } = row;
  return { name, subject, preheader, fromName, replyTo, mjml, text, lists, ...sendingOf(row) };
}

function sendingOf({
  scheduledAt,
  notAfter,
  perHour,
  weekdays,
  hourFrom,
  hourTo,
  priority,
  sendOrder,
}: Campaign): Sending {
  return {
    ...{ startsAt: scheduledAt?.toISOString() ?? null, notAfter: notAfter?.toISOString() ?? null },
    ...{ perHour, weekdays, hourFrom, hourTo, priority },
    sendOrder: sendOrder === "engaged" ? "oldest" : sendOrder,
  };
}

type Times = { startsAt?: string | null | undefined; notAfter?: string | null | undefined };
type Columns<T> = Omit<T, keyof Times> & { scheduledAt?: Date | null; notAfter?: Date | null };

/** The columns of the parts of a draft: times as text become instants. */
export function columnsOf<T extends Times>({ startsAt, notAfter, ...parts }: T): Columns<T> {
  const at = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...parts,
    ...(startsAt === undefined ? {} : { scheduledAt: at(startsAt) }),
    ...(notAfter === undefined ? {} : { notAfter: at(notAfter) }),
  };
}

/** The controller whose campaign it is. */
export async function organizationOf(db: Db, organization: string): Promise<Organization> {
  const [row] = await db.select().from(organizations).where(eq(organizations.id, organization));
  if (!row) throw new NotFound("organization");
  return row;
}
