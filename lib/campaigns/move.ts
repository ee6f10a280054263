import { eq } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { audit } from "../audit/log.ts";
import type { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import type { Who } from "../users/who.ts";
import { type Campaign, findCampaign } from "./find.ts";
import type { CampaignState } from "./types.ts";

type Change = { [K in keyof typeof campaigns.$inferInsert]?: (typeof campaigns.$inferInsert)[K] | undefined };

/**
 * The step that the presses on a campaign share: finds it, keeps others from changing it, refuses when it is in none of the states `from`, changes
 * it, and says so in the audit log. The verb has asked for the right already.
 * @param change what becomes of the row; may do more in the same transaction
 * @throws what `refused` makes · NotFound
 */
export function moveCampaign(
  s: Services,
  o: {
    who: Who;
    campaign: string;
    from: readonly CampaignState[];
    refused: () => DomainError;
    action: string;
    change: (tx: Services, row: Campaign) => Change | Promise<Change>;
  },
): Promise<Campaign> {
  const { organization, user } = o.who;
  return inTransaction(s, async (tx) => {
    const row = await findCampaign(tx.db, { organization, campaign: o.campaign, lock: true });
    if (!o.from.includes(row.state)) throw o.refused();
    await tx.db
      .update(campaigns)
      .set(await o.change(tx, row))
      .where(eq(campaigns.id, row.id));
    await audit(tx, { organization, user, action: o.action, object: row.id });
    return row;
  });
}
