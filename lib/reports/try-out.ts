import { and, asc, desc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { campaigns, deliveries } from "../../db/schema/campaigns.ts";
import { consentEvents, ledgerEntries } from "../../db/schema/consent.ts";
import { forms, lists, notices } from "../../db/schema/lists.ts";
import { sandboxMessages } from "../../db/schema/servers.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** How far "Prova tutto da te" has come: facts of the database, so that each step ticks itself whatever way it was done. */
export type TryOut = {
  form?: { id: string; list: string };
  /** Somebody asked on a form. */
  asked: boolean;
  /** Newest message of the sandbox since then that is not for staff, while nobody has confirmed. */
  mail?: string;
  confirmed?: {
    at: Date;
    contact: string | null;
    /** Number of the event in the register, counted from 0; null: it waits for its number. */
    seq: number | null;
    words: { text: string; version: number; locale: string }[];
  };
  campaign?: { id: string; name: string; state: string; accepted: number };
  /** The first message of that campaign in the sandbox inbox. */
  arrived?: string;
};

/** What the caller's organization has tried out so far. */
export async function tryOut(s: Services, o: { who: Who }): Promise<TryOut> {
  requireRight(o.who, "campaigns.see");
  const { organization } = o.who;
  const [form, asked, confirmed] = await Promise.all([
    firstForm(s.db, organization),
    firstRequest(s.db, organization),
    lastConfirmed(s.db, organization),
  ]);
  const [mail, campaign] = await Promise.all([
    asked && !confirmed ? mailSince(s.db, organization, asked) : undefined,
    confirmed ? launched(s.db, organization) : undefined,
  ]);
  const arrived = campaign?.launchedAt ? await mailSince(s.db, organization, campaign.launchedAt) : undefined;
  return {
    ...{
      asked: asked !== undefined,
      ...(form ? { form } : {}),
      ...(mail ? { mail } : {}),
      ...(confirmed ? { confirmed } : {}),
    },
    ...(campaign
      ? { campaign: { id: campaign.id, name: campaign.name, state: campaign.state, accepted: campaign.accepted } }
      : {}),
    ...(arrived && campaign && campaign.accepted > 0 ? { arrived } : {}),
  };
}

/** The form that the set-up published: the oldest that still stands. */
async function firstForm(db: Db, organization: string) {
  const [form] = await db
    .select({ id: forms.id, list: lists.name })
    .from(forms)
    .innerJoin(lists, eq(lists.id, forms.list))
    .where(and(eq(forms.organization, organization), isNull(forms.withdrawnAt), isNull(lists.archivedAt)))
    .orderBy(asc(forms.createdAt), asc(forms.id))
    .limit(1);
  return form;
}

async function firstRequest(db: Db, organization: string): Promise<Date | undefined> {
  const mine = and(eq(consentEvents.organization, organization), eq(consentEvents.kind, "consent.requested"));
  const [event] = await db
    .select({ at: consentEvents.at })
    .from(consentEvents)
    .where(mine)
    .orderBy(desc(consentEvents.id))
    .limit(1);
  return event?.at;
}

async function mailSince(db: Db, organization: string, since: Date): Promise<string | undefined> {
  const mine = [
    eq(sandboxMessages.organization, organization),
    eq(sandboxMessages.staff, "no"),
    gt(sandboxMessages.receivedAt, since),
  ];
  const [message] = await db
    .select({ id: sandboxMessages.id })
    .from(sandboxMessages)
    .where(and(...mine))
    .orderBy(desc(sandboxMessages.id))
    .limit(1);
  return message?.id;
}

async function lastConfirmed(db: Db, organization: string): Promise<TryOut["confirmed"]> {
  const { id, at, notice, subjectRow } = consentEvents;
  const contact = sql<string | null>`(select contact from subjects where subjects.id = ${subjectRow})`;
  const [event] = await db
    .select({ id, at, notice, contact, seq: ledgerEntries.seq })
    .from(consentEvents)
    .leftJoin(ledgerEntries, eq(ledgerEntries.id, consentEvents.id))
    .where(and(eq(consentEvents.organization, organization), eq(consentEvents.kind, "consent.confirmed")))
    .orderBy(desc(consentEvents.id))
    .limit(1);
  if (!event) return undefined;
  const shown = and(eq(notices.organization, organization), eq(notices.kind, "consent_box"));
  const { body: text, version, locale } = notices;
  const words =
    event.notice.length === 0
      ? []
      : await db
          .select({ text, version, locale })
          .from(notices)
          .where(and(shown, inArray(notices.sha256, event.notice)));
  return { at: event.at, contact: event.contact, seq: event.seq, words };
}

async function launched(db: Db, organization: string) {
  const { id, name, state, launchedAt } = campaigns;
  const accepted = sql<number>`(select count(*)::int from ${deliveries} where ${deliveries.campaign} = ${campaigns.id} and ${deliveries.state} = 'accepted')`;
  const [campaign] = await db
    .select({ id, name, state, launchedAt, accepted })
    .from(campaigns)
    .where(eq(campaigns.organization, organization))
    .orderBy(sql`${launchedAt} desc nulls last`, desc(id))
    .limit(1);
  return campaign;
}
