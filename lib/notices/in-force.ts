import type { Db } from "../../db/client.ts";
import { DomainError } from "../errors.ts";
import { listWithController, type Notice, publishedVersion } from "./queries.ts";
import { LIST_WORDS, type NoticeKind } from "./types.ts";
import type { Locale, Tone } from "./words/types.ts";

export type WordsInForce = Awaited<ReturnType<typeof inForce>>;

/**
 * The published words of a list in a language and tone, with the organization's full notice, in the order in which a form keeps them: box, short
 * notice, full notice, confirmation mail, page.
 * @throws WORDS_NOT_PUBLISHED with the first that is missing · NotFound
 */
export async function inForce(
  db: Db,
  o: { organization: string; list: string; locale?: Locale; tone?: Tone; lock?: boolean },
) {
  const { list, organization } = await listWithController(db, o);
  const { locale, tone } = { locale: o.locale ?? list.locale, tone: o.tone ?? list.tone };
  const find = async (kind: NoticeKind): Promise<Notice> => {
    const purpose = kind === "consent_box" ? list.purpose : null;
    const of = kind === "full_notice" ? null : list.id;
    const row = await publishedVersion(db, { organization: o.organization, list: of, kind, purpose, locale, tone });
    if (!row) throw new DomainError("WORDS_NOT_PUBLISHED", { kind });
    return row;
  };
  const [box, shortNotice] = [await find(LIST_WORDS[0]), await find(LIST_WORDS[1])];
  const notices = [
    box,
    shortNotice,
    await find("full_notice"),
    await find("confirmation_mail"),
    await find("confirm_page"),
  ];
  return { list, organization, locale, tone, box, shortNotice, notices };
}
