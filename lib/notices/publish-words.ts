import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { cleanText } from "../text/clean.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { asVersion, listWithController, publishedVersion, type TextKey } from "./queries.ts";
import { missingInConsentBox, missingInShortNotice } from "./required.ts";
import { publishText } from "./save-version.ts";
import type { EditableWords, NoticeVersion } from "./types.ts";
import { missingTokens } from "./words/missing.ts";
import { proposeWords } from "./words/propose.ts";
import type { Locale, Tone } from "./words/types.ts";

/** Far beyond what anybody reads, and small enough for a page. */
export const MOST_CHARACTERS = { consentBox: 1000, shortNotice: 8000, fullNotice: 60_000 } as const;

/** Words that do not say what the law wants said (CC-03). `missing` names each part; the screen has a sentence for it. */
export class WordsIncomplete extends DomainError {
  readonly missing: readonly string[];

  constructor(missing: string[]) {
    super("WORDS_INCOMPLETE", { missing: missing.join(", "), n: missing.length });
    this.missing = missing;
  }
}

export type PublishWords = { who: Who; list: string; words: EditableWords; locale?: Locale; tone?: Tone };

/**
 * Publishes the words of a list: the sentence of the box and the short notice as given; the confirmation mail, the page behind its link and, when there
 * is none yet, the organization's full notice as they follow from them. Each becomes version 1, 2, … of its text, immutable, with its hash in the
 * ledger; a text that did not change keeps its version.
 *
 * @returns the versions in force, in the order box, short notice, full notice, confirmation mail, page
 * @throws WordsIncomplete · WORDS_TOO_LONG · LIST_ARCHIVED · NotFound (list)
 */
export async function publishWords(s: Services, o: PublishWords): Promise<NoticeVersion[]> {
  requireRight(o.who, "notices.publish");
  return inTransaction(s, async (tx) => {
    const { list, organization } = await listWithController(tx.db, {
      organization: o.who.organization,
      list: o.list,
      lock: true,
    });
    if (list.archivedAt) throw new DomainError("LIST_ARCHIVED");
    const words = checkedWords(o.words);
    const language = { locale: o.locale ?? list.locale, tone: o.tone ?? list.tone };
    const missing = [
      ...missingTokens({ organization, list }),
      ...missingInConsentBox(words.consentBox, { organization }),
      ...missingInShortNotice(words.shortNotice, { organization, list, ...language }),
    ];
    if (missing.length > 0) throw new WordsIncomplete(missing);
    const proposed = proposeWords({ organization, list, ...language });
    const own = { organization: organization.id, list: list.id, purpose: null, ...language };
    const publish = (key: TextKey, body: string) => publishText(tx, key, { body, user: o.who.user });
    const full: TextKey = { ...own, list: null, kind: "full_notice" };
    return [
      await publish({ ...own, kind: "consent_box", purpose: list.purpose }, words.consentBox),
      await publish({ ...own, kind: "short_notice" }, words.shortNotice),
      (await publishedVersion(tx.db, full)) ?? (await publish(full, proposed.fullNotice)),
      await publish({ ...own, kind: "confirmation_mail" }, proposed.confirmationMail),
      await publish({ ...own, kind: "confirm_page" }, proposed.confirmPage),
    ].map(asVersion);
  });
}

/** Text as it may be kept, within its size. */
export function checkedWords(words: EditableWords): EditableWords {
  const entries = (["consentBox", "shortNotice"] as const).map((part) => {
    if (words[part].length > MOST_CHARACTERS[part]) throw new DomainError("WORDS_TOO_LONG", { part });
    return [part, cleanText(words[part])] as const;
  });
  return Object.fromEntries(entries) as EditableWords;
}
