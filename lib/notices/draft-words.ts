import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { checkedWords } from "./publish-words.ts";
import { asVersion, listWithController } from "./queries.ts";
import { saveDraft } from "./save-version.ts";
import type { EditableWords, NoticeVersion } from "./types.ts";
import type { Locale, Tone } from "./words/types.ts";

/**
 * Keeps words that are not yet published, so that one person writes and another publishes. They may be incomplete; nobody outside sees them.
 * @throws WORDS_TOO_LONG · LIST_ARCHIVED · NotFound (list)
 */
export async function draftWords(
  s: Services,
  o: { who: Who; list: string; words: EditableWords; locale?: Locale; tone?: Tone },
): Promise<NoticeVersion[]> {
  requireRight(o.who, "notices.write");
  return inTransaction(s, async (tx) => {
    const { list } = await listWithController(tx.db, { organization: o.who.organization, list: o.list, lock: true });
    if (list.archivedAt) throw new DomainError("LIST_ARCHIVED");
    const words = checkedWords(o.words);
    const language = { locale: o.locale ?? list.locale, tone: o.tone ?? list.tone };
    const own = { organization: list.organization, list: list.id, purpose: null, ...language };
    const user = o.who.user;
    return [
      await saveDraft(tx, { ...own, kind: "consent_box", purpose: list.purpose }, { body: words.consentBox, user }),
      await saveDraft(tx, { ...own, kind: "short_notice" }, { body: words.shortNotice, user }),
    ].map(asVersion);
  });
}
