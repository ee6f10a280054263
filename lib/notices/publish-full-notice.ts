import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { cleanText } from "../text/clean.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { MOST_CHARACTERS, WordsIncomplete } from "./publish-words.ts";
import { asVersion, controllerOf } from "./queries.ts";
import { missingInFullNotice } from "./required.ts";
import { publishText } from "./save-version.ts";
import type { NoticeVersion } from "./types.ts";
import { missingTokens } from "./words/missing.ts";
import type { Locale, Tone } from "./words/types.ts";

/**
 * Publishes a version of the organization's full notice (GDPR art. 13), the one at /p/{organization}/privacy.
 * @throws WordsIncomplete · WORDS_TOO_LONG
 */
export async function publishFullNotice(
  s: Services,
  o: { who: Who; body: string; locale: Locale; tone: Tone },
): Promise<NoticeVersion> {
  requireRight(o.who, "notices.publish");
  if (o.body.length > MOST_CHARACTERS.fullNotice) throw new DomainError("WORDS_TOO_LONG", { part: "fullNotice" });
  const body = cleanText(o.body);
  const { locale, tone } = o;
  return inTransaction(s, async (tx) => {
    // The row of the organization puts publishers in line: versions count without a gap.
    const organization = await controllerOf(tx.db, o.who.organization, true);
    const missing = [...missingTokens({ organization }), ...missingInFullNotice(body, { organization, locale })];
    if (missing.length > 0) throw new WordsIncomplete(missing);
    const key = {
      organization: organization.id,
      list: null,
      kind: "full_notice",
      purpose: null,
      locale,
      tone,
    } as const;
    return asVersion(await publishText(tx, key, { body, user: o.who.user }));
  });
}
