import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type NewFacts, newFacts } from "./needs-consent.ts";
import { asVersion, listWithController, newestVersion, publishedVersion, type TextKey } from "./queries.ts";
import type { EditableWords, NoticeVersion } from "./types.ts";
import { missingTokens } from "./words/missing.ts";
import { proposeWords } from "./words/propose.ts";
import type { Locale, Tone } from "./words/types.ts";

export type WordsOfList = {
  locale: Locale;
  tone: Tone;
  /** What is to be edited: the draft, else what is in force, else the proposal. */
  words: EditableWords;
  state: "draft" | "published" | "proposed";
  proposed: EditableWords;
  inForce: { box: NoticeVersion; shortNotice: NoticeVersion } | null;
  /** Fields of organization or list that are still empty. */
  missing: string[];
  /** What changed since the words in force were published and needs a new consent. */
  changed: NewFacts | null;
};

/** The words of a list in one language and tone, as the page that edits them needs them. @throws NotFound */
export async function wordsOfList(
  s: Services,
  o: { who: Who; list: string; locale?: Locale; tone?: Tone },
): Promise<WordsOfList> {
  requireRight(o.who, "notices.see");
  const { list, organization } = await listWithController(s.db, { organization: o.who.organization, list: o.list });
  const { locale, tone } = { locale: o.locale ?? list.locale, tone: o.tone ?? list.tone };
  const own = { organization: organization.id, list: list.id, locale, tone };
  const boxKey: TextKey = { ...own, kind: "consent_box", purpose: list.purpose };
  const shortKey: TextKey = { ...own, kind: "short_notice", purpose: null };
  const [box, shortNotice] = [await publishedVersion(s.db, boxKey), await publishedVersion(s.db, shortKey)];
  const newest = [await newestVersion(s.db, boxKey), await newestVersion(s.db, shortKey)];
  const { consentBox, shortNotice: proposal } = proposeWords({ organization, list, locale, tone });
  const proposed = { consentBox, shortNotice: proposal };
  const state = newest.some((row) => row?.publishedAt === null) ? "draft" : box ? "published" : "proposed";
  return {
    ...{ locale, tone, state, proposed, missing: missingTokens({ organization, list }) },
    words: { consentBox: newest[0]?.body ?? consentBox, shortNotice: newest[1]?.body ?? proposal },
    inForce: box && shortNotice ? { box: asVersion(box), shortNotice: asVersion(shortNotice) } : null,
    changed: box && shortNotice ? newFacts(`${box.body} ${shortNotice.body}`, organization) : null,
  };
}
