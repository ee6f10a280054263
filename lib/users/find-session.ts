import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { memberships, sessions, users } from "../../db/schema/users.ts";
import { hashToken } from "../crypto/tokens.ts";
import type { Role } from "./roles.ts";
import { sessionStands } from "./session-life.ts";
import type { Who } from "./who.ts";

/** An organization as pages of staff need it beside their own data. */
export type OrganizationBrief = {
  id: string;
  slug: string;
  name: string;
  timeZone: string;
  locale: "it" | "en";
  tone: "tu" | "lei";
  demo: boolean;
  /** Mail leaves this machine. */
  live: boolean;
};

export type SignedInUser = {
  id: string;
  email: string;
  name: string;
  locale: "it" | "en";
  theme: "auto" | "light" | "dark";
  density: "comfortable" | "compact";
};

export type Session = {
  id: string;
  user: SignedInUser;
  who: Who;
  /** The one that is worked in; undefined for an operator who has none yet, or whose last one was closed. */
  organization: OrganizationBrief | undefined;
  /** All that may be switched to, by name. */
  organizations: { id: string; name: string }[];
};

/** Of nobody: no row has it, so that an operator without organization sees none. */
const NO_ORGANIZATION = "00000000-0000-0000-0000-000000000000";

/**
 * Who holds this reference, asked at every request: not one whose session ended, idled 30 minutes or began 12 hours ago, nor one who was
 * disabled. Where the session's organization was closed or left, it is another one of theirs.
 * Counts as seen, at most once a minute.
 * @param o.seen false: no person has asked, but a page that stands open; who left it there is signed out as if it were closed
 */
export async function findSession(
  db: Db,
  reference: string,
  o: { seen: boolean } = { seen: true },
): Promise<Session | undefined> {
  const token = Buffer.from(reference, "base64url");
  if (token.length !== 16 || token.toString("base64url") !== reference) return undefined;
  const [found] = await db
    .select({
      ...{ id: sessions.id, organization: sessions.organization, operator: users.operator },
      user: {
        ...{ id: users.id, email: users.email, name: users.name },
        ...{ locale: users.locale, theme: users.theme, density: users.density },
      },
      stale: sql<boolean>`${sessions.seenAt} < (select app_now()) - interval '1 minute'`,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.user))
    .where(and(eq(sessions.hash, hashToken(token)), isNull(users.disabledAt), sessionStands));
  if (!found) return undefined;
  if (found.stale && o.seen) await db.update(sessions).set({ seenAt: sql`app_now()` }).where(eq(sessions.id, found.id));
  const theirs = await organizationsOf(db, found.user.id);
  const current = theirs.find(({ brief }) => brief.id === found.organization) ?? theirs[0];
  const who = {
    user: found.user.id,
    organization: current?.brief.id ?? NO_ORGANIZATION,
    roles: current?.roles ?? [],
    operator: found.operator,
  };
  const names = theirs.map(({ brief: { id, name } }) => ({ id, name }));
  return { id: found.id, user: found.user, who, organization: current?.brief, organizations: names };
}

async function organizationsOf(db: Db, user: string): Promise<{ brief: OrganizationBrief; roles: Role[] }[]> {
  const rows = await db
    .select({ organization: organizations, role: memberships.role })
    .from(memberships)
    .innerJoin(organizations, eq(organizations.id, memberships.organization))
    .where(and(eq(memberships.user, user), isNull(organizations.closedAt)))
    .orderBy(asc(organizations.legalName), asc(organizations.id), asc(memberships.role));
  const found = new Map<string, { brief: OrganizationBrief; roles: Role[] }>();
  for (const { organization, role } of rows) {
    const entry = found.get(organization.id) ?? { brief: briefOf(organization), roles: [] };
    entry.roles.push(role);
    found.set(organization.id, entry);
  }
  return [...found.values()];
}

export function briefOf(row: typeof organizations.$inferSelect): OrganizationBrief {
  const { id, slug, legalName: name, timeZone, locale, tone, demo } = row;
  return { id, slug, name, timeZone, locale, tone, demo, live: row.liveAt !== null };
}
