import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { controllerOf } from "./queries.ts";
import { missingTokens } from "./words/missing.ts";
import { proposeFullNotice as propose } from "./words/propose.ts";
import type { Locale, Tone } from "./words/types.ts";

/** The full notice as it follows from what the organization says of itself today. */
export async function proposeFullNotice(
  s: Services,
  o: { who: Who; locale: Locale; tone: Tone },
): Promise<{ body: string; missing: string[]; ownUrl: string | null; slug: string }> {
  requireRight(o.who, "notices.see");
  const organization = await controllerOf(s.db, o.who.organization);
  const { locale, tone } = o;
  return {
    body: propose({ organization, locale, tone }),
    missing: missingTokens({ organization }),
    ownUrl: organization.privacyUrl,
    slug: organization.slug,
  };
}
