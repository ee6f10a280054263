import { createList } from "../lists/create.ts";
import { proposeForList } from "../notices/propose-for-list.ts";
import { publishWords } from "../notices/publish-words.ts";
import { inTransaction, type Services } from "../services.ts";
import type { Who } from "../users/who.ts";
import { publishForm } from "./publish-form.ts";

/**
 * A list with its proposed words and its form, published together: after a failure there is none of it.
 * @throws what createList, publishWords and publishForm say
 */
export async function publishFirstList(
  s: Services,
  o: { who: Who; name: string; topics: string; frequency: string; locale: "it" | "en"; tone: "tu" | "lei" },
): Promise<{ list: string; form: string }> {
  const { who } = o;
  return inTransaction(s, async (tx) => {
    const { id: list } = await createList(tx, { ...o, purpose: "promo" });
    const { words } = await proposeForList(tx, { who, list });
    await publishWords(tx, { who, list, words });
    const { form } = await publishForm(tx, { who, list });
    return { list, form };
  });
}
