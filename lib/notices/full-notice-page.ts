import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type NewFacts, newFacts } from "./needs-consent.ts";
import { asVersion, controllerOf, publishedVersion } from "./queries.ts";
import type { NoticeVersion } from "./types.ts";
import { missingTokens } from "./words/missing.ts";
import { proposeFullNotice } from "./words/propose.ts";
import type { Locale, Tone } from "./words/types.ts";

export type FullNoticePage = {
  locale: Locale;
  tone: Tone;
  inForce: NoticeVersion | null;
  /** As it follows from what the organization says of itself today. */
  proposed: string;
  missing: string[];
  changed: NewFacts | null;
  /** Where the organization has its own notice; ours is then not shown. */
  ownUrl: string | null;
  slug: string;
};

/** The organization's full notice in one language: what is in force, what would be proposed today. */
export async function fullNoticePage(
  s: Services,
  o: { who: Who; locale: Locale; tone?: Tone },
): Promise<FullNoticePage> {
  requireRight(o.who, "notices.see");
  const organization = await controllerOf(s.db, o.who.organization);
  const { locale, tone } = { locale: o.locale, tone: o.tone ?? organization.tone };
  const key = { organization: organization.id, list: null, kind: "full_notice", purpose: null, locale, tone } as const;
  const row = await publishedVersion(s.db, key);
  return {
    ...{ locale, tone, slug: organization.slug, ownUrl: organization.privacyUrl },
    inForce: row ? asVersion(row) : null,
    proposed: proposeFullNotice({ organization, locale, tone }),
    missing: missingTokens({ organization }),
    changed: row ? newFacts(row.body, organization) : null,
  };
}
