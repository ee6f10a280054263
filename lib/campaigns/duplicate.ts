import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { insertDraft } from "./create.ts";
import { draftOf, findCampaign, listsOf } from "./find.ts";

/**
 * A new draft that says the same as a campaign in any state.
 * @param name of the copy
 * @returns the copy's id
 * @throws NotFound
 */
export async function duplicateCampaign(
  s: Services,
  o: { who: Who; campaign: string; name: (original: string) => string },
): Promise<string> {
  requireRight(o.who, "campaigns.write");
  return inTransaction(s, async (s) => {
    const row = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
    const draft = draftOf(row, await listsOf(s.db, row.id));
    return insertDraft(s, { who: o.who, draft: { ...draft, name: o.name(row.name) }, locale: row.locale });
  });
}
