import { type SQL, sql } from "drizzle-orm";

/** More words narrow nothing for a person, and cost an index look-up each. */
const MOST_WORDS = 5;
/** No address is longer. */
const MOST_CHARACTERS = 254;

/** A text with nothing in it that LIKE takes for more than itself (B50). */
export const escapeLike = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`);

/**
 * The words of a search as conditions on contacts `c`: each must stand somewhere in address or name. Words of one or two letters must begin one
 * of them: shorter than three letters there is no trigram, and only the beginning of a word can use the index contacts_search.
 * @returns undefined when nothing was asked for
 */
export function searchCondition(text: string): SQL | undefined {
  const words = wordsOf(text);
  if (words.length === 0) return undefined;
  const conditions = words.map((word) => {
    const like = escapeLike(word);
    return word.length < 3
      ? sql`(${SEARCHED} like ${`${like}%`} or ${SEARCHED} like ${`% ${like}%`})`
      : sql`${SEARCHED} like ${`%${like}%`}`;
  });
  return sql.join(conditions, sql` and `);
}

export function wordsOf(text: string): string[] {
  const words = text.normalize("NFC").slice(0, MOST_CHARACTERS).toLowerCase().replaceAll("\0", "").split(/\s+/);
  return words.filter((word) => word !== "").slice(0, MOST_WORDS);
}

/** Word for word the expression of the index contacts_search. */
const SEARCHED = sql.raw("(c.address_key || ' ' || lower(coalesce(c.name, '')))");
