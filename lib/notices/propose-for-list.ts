import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { controllerOf, listWithController } from "./queries.ts";
import { missingTokens } from "./words/missing.ts";
import { type ProposedWords, proposeWords } from "./words/propose.ts";
import type { ListPromise, Locale, Tone } from "./words/types.ts";

export type Proposal = {
  locale: Locale;
  tone: Tone;
  words: ProposedWords;
  /** Names of fields that are still empty: while there is one, nothing can be published. */
  missing: string[];
};

/**
 * Words for a list, made from what the organization and the list have said of themselves.
 * @param list an id, or what a list that is about to be made promises
 * @param locale, tone left out: the list's own; of a new one the organization's
 * @throws NotFound when the list is not of the caller's organization
 */
export async function proposeForList(
  s: Services,
  o: { who: Who; list: string | ListPromise; locale?: Locale; tone?: Tone },
): Promise<Proposal> {
  requireRight(o.who, "notices.see");
  const { organization, list, ...own } = await whose(s, o);
  const { locale, tone } = { locale: o.locale ?? own.locale, tone: o.tone ?? own.tone };
  const words = proposeWords({ organization, list, locale, tone });
  return { locale, tone, words, missing: missingTokens({ organization, list }) };
}

async function whose(s: Services, o: { who: Who; list: string | ListPromise }) {
  const { organization } = o.who;
  if (typeof o.list === "string") {
    const found = await listWithController(s.db, { organization, list: o.list });
    return { ...found, locale: found.list.locale, tone: found.list.tone };
  }
  const controller = await controllerOf(s.db, organization);
  return { organization: controller, list: o.list, locale: controller.locale, tone: controller.tone };
}
