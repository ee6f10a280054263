import { createOrganization } from "../../lib/organizations/create.ts";
import { Identity } from "../../lib/organizations/identity.ts";
import type { Services } from "../../lib/services.ts";
import { acceptInvitation } from "../../lib/users/accept-invitation.ts";
import { findSession, type Session } from "../../lib/users/find-session.ts";
import { invite } from "../../lib/users/invite.ts";
import type { Role } from "../../lib/users/roles.ts";
import { setUpFirstUser } from "../../lib/users/set-up.ts";
import { createSetupLink } from "../../lib/users/setup-link.ts";
import type { Who } from "../../lib/users/who.ts";

import { freshDatabase } from "./database.ts";
import { testServices } from "./services.ts";

export const PASSWORD = "quattro parole messe a caso";

/** The part of a link behind its last slash. */
export const tokenOf = (link: string | undefined): string => link?.slice(link.lastIndexOf("/") + 1) ?? "";

export const identity = (legalName = "Casa editrice Esempio s.r.l."): Identity =>
  Identity.parse({
    ...{ legalName, address: "via Roma 1, 50122 Firenze", taxId: "01234567890", privacyEmail: "privacy@esempio.it" },
    ...{
      dpo: "",
      processors: [{ name: "Fornitore di hosting", country: "Italia" }],
      consentMonths: 24,
      privacyUrl: "",
    },
    ...{ website: "", locale: "it", tone: "tu", timeZone: "Europe/Rome" },
  });

export async function sessionOf(s: Services, reference: string): Promise<Session> {
  const session = await findSession(s.db, reference);
  if (!session) throw new Error("the session stands");
  return session;
}

/** The first run without its screens: operator and owner of one organization. */
export async function firstRun(s: Services): Promise<{ who: Who; reference: string; organization: string }> {
  const link = await createSetupLink(s);
  const person = { name: "Giulia Bianchi", email: "giulia@esempio.it", password: PASSWORD, locale: "it" as const };
  const { reference } = await setUpFirstUser(s, { ...person, token: tokenOf(link) });
  const { who } = await sessionOf(s, reference);
  const { id } = await createOrganization(s, { who, identity: identity() });
  return { who: (await sessionOf(s, reference)).who, reference, organization: id };
}

/** Somebody invited by link who took the invitation. */
export async function join(
  s: Services,
  who: Who,
  email: string,
  ...roles: Role[]
): Promise<{ who: Who; reference: string }> {
  const { link } = await invite(s, { who, email, roles, by: "link" });
  const reference = await acceptInvitation(s, {
    token: tokenOf(link),
    name: "Luca Verdi",
    password: PASSWORD,
    locale: "it",
  });
  return { who: (await sessionOf(s, reference)).who, reference };
}

/** The first user of a first run. */
export const GIULIA = "giulia@esempio.it";
/** Another password than PASSWORD, as good. */
export const OTHER = "tutt'altre parole ancora";

/** Whether an error is this refusal, for assert.rejects. */
export const refusal = (code: string) => (error: { code?: string }) => error.code === code;

/** Databases of one file's groups, each ended with the file; `fresh` gives the next. */
export function staffHouses(after: (work: () => Promise<void>) => void) {
  const ends: (() => Promise<void>)[] = [];
  after(async () => {
    for (const end of ends) await end();
  });
  return async () => {
    const d = await freshDatabase({ after: (work) => void ends.push(work) });
    return { d, s: await testServices(d) };
  };
}
