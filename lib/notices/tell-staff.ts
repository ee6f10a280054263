import { and, eq, inArray, isNull } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { staffNoticeChoices, staffNotices } from "../../db/schema/staff-notices.ts";
import { memberships, users } from "../../db/schema/users.ts";
import { appNow } from "../clock.ts";
import { inTransaction, type Services } from "../services.ts";
import { mailedByDefault, type NoticeKind } from "../users/notice-kinds.ts";
import type { Role } from "../users/roles.ts";
import { queueStaffMail } from "../users/staff-mail.ts";
import { sayer } from "./words/translator.ts";

export type StaffNotice = {
  organization: string;
  kind: NoticeKind;
  /** The campaign or server that it is about. */
  object?: string;
  /** Says what it is about: the same key is told once ("server_expires:<server>:14"). */
  key: string;
  /** For the sentences under `mail.notices.<kind>`: names, counts and days, never an address. */
  facts: Record<string, string | number>;
  /** Path of the page where something can be done ("/campaigns/…"). */
  path: string;
};

/**
 * Tells the staff of an organization something: on the dashboard, and by mail to who wants it, in her language. Once for a key; the mails are system mail of the
 * organization's server and count in its reserve.
 * @returns whether it was new
 */
export function tellStaff(s: Services, o: StaffNotice): Promise<boolean> {
  return inTransaction(s, async (tx) => {
    const { organization, kind, key, facts, path } = o;
    const made = await tx.db
      .insert(staffNotices)
      .values({
        ...{ id: tx.randomId(), organization, kind, key, object: o.object ?? null },
        ...{ facts: { ...facts, path }, at: await appNow(tx.db) },
      })
      .onConflictDoNothing()
      .returning({ id: staffNotices.id });
    if (made.length === 0) return false;
    for (const person of await readers(tx, o)) await mail(tx, o, person);
    return true;
  });
}

type Reader = { user: string; email: string; locale: "it" | "en"; roles: Role[] };

/** Members who get this kind by mail: by their choice, else by their roles. */
async function readers(s: Services, o: StaffNotice): Promise<Reader[]> {
  const rows = await s.db
    .select({ user: users.id, email: users.email, locale: users.locale, role: memberships.role })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.user))
    .where(and(eq(memberships.organization, o.organization), isNull(users.disabledAt)));
  const people = new Map<string, Reader>();
  for (const { role, ...row } of rows) {
    const person = people.get(row.user) ?? { ...row, roles: [] };
    person.roles.push(role);
    people.set(row.user, person);
  }
  const ids = [...people.keys()];
  if (ids.length === 0) return [];
  const chosen = await s.db
    .select()
    .from(staffNoticeChoices)
    .where(
      and(
        inArray(staffNoticeChoices.user, ids),
        eq(staffNoticeChoices.organization, o.organization),
        eq(staffNoticeChoices.kind, o.kind),
      ),
    );
  const choice = new Map(chosen.map((one) => [one.user, one.mail]));
  return [...people.values()].filter((one) => choice.get(one.user) ?? mailedByDefault(o.kind, one.roles));
}

async function mail(s: Services, o: StaffNotice, to: Reader): Promise<void> {
  const say = sayer("mail", { locale: to.locale, tone: "tu" });
  const [own] = await s.db
    .select({ name: organizations.legalName, zone: organizations.timeZone })
    .from(organizations)
    .where(eq(organizations.id, o.organization));
  await queueStaffMail(s, {
    organization: o.organization,
    mail: {
      ...{ kind: "alert", to: to.email, locale: to.locale },
      facts: {
        ...{ organization: own?.name ?? "", zone: own?.zone ?? "Europe/Rome", link: `${s.config.APP_URL}${o.path}` },
        title: say(`notices.${o.kind}.title`, o.facts),
        text: say(`notices.${o.kind}.text`, o.facts),
      },
    },
  });
}
