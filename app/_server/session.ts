import { headers } from "next/headers";
import { forbidden, notFound, redirect } from "next/navigation";
import { cache } from "react";
import { Forbidden, NotFound } from "../../lib/errors.ts";
import type { Services } from "../../lib/services.ts";
import { findSession, type OrganizationBrief, type Session, type SignedInUser } from "../../lib/users/find-session.ts";
import { hasRight, type Right } from "../../lib/users/roles.ts";
import type { Who } from "../../lib/users/who.ts";
import { heldReference } from "./auth.ts";
import { type Format, formatFor } from "./format.ts";
import { services } from "./services.ts";
import { type Locale, localeOf, type Translate, translator } from "./translate.ts";

/** What a page or action needs of the world, of who asks, and of how they read. */
export type SignedIn = {
  s: Services;
  /** Id of the session, for verbs that end all others. */
  session: string;
  who: Who;
  user: SignedInUser;
  organization: OrganizationBrief;
  organizations: Session["organizations"];
  t: Translate;
  locale: Locale;
  format: Format;
};

/** Who is signed in with this browser; looked up in our table once for each request. What a page asks by itself (hygiene.ts) does not count as seen. */
export const currentSession = cache(async (): Promise<Session | undefined> => {
  const reference = await heldReference();
  if (reference === undefined) return undefined;
  return findSession((await services()).db, reference, { seen: !(await headers()).has("x-left-open") });
});

/**
 * For pages: who asks, and how they read. Nobody signed in: goes to /sign-in. No organization yet: to the set-up. Without the right: the page of 403.
 * The verb asks for the right again: this only spares people a page that would refuse them.
 */
export async function signedIn(right?: Right): Promise<SignedIn> {
  const session = await currentSession();
  if (!session) redirect("/sign-in");
  if (!session.organization) redirect(session.who.operator ? "/setup/organization" : "/no-organization");
  if (right && !hasRight(session.who, right)) forbidden();
  return reading(await services(), session, session.organization);
}

export function reading(s: Services, session: Session, organization: OrganizationBrief): SignedIn {
  const { user, who, organizations } = session;
  return {
    s,
    session: session.id,
    who,
    user,
    organization,
    organizations,
    ...reader(s, user.locale, organization.timeZone),
  };
}

/** For pages before the sign-in: the language that the browser asks for. */
export async function visitor(): Promise<{ s: Services; t: Translate; locale: Locale; format: Format }> {
  const s = await services();
  const session = await currentSession();
  const locale = session?.user.locale ?? localeOf((await headers()).get("accept-language"));
  return { s, ...reader(s, locale, session?.organization?.timeZone ?? "Europe/Rome") };
}

function reader(s: Services, locale: Locale, zone: string) {
  return { t: translator(locale, zone, s.log), locale, format: formatFor({ language: locale, zone }) };
}

/** What a verb answers, for a page: NotFound becomes the page of 404, Forbidden the one of 403. */
export async function found<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFound) notFound();
    if (error instanceof Forbidden) forbidden();
    throw error;
  }
}
