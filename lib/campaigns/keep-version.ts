import type { Db } from "../../db/client.ts";
import { campaignVersions } from "../../db/schema/campaigns.ts";
import type { Campaign } from "./find.ts";

/** Keeps what a campaign says now, at a test send or a launch. The same version kept twice for the same thing is one. */
export async function keepVersion(
  db: Db,
  o: { campaign: Campaign; keptFor: "test" | "launch"; at: Date; by: string },
): Promise<void> {
  const { id, version, subject, preheader, fromName, mjml, text } = o.campaign;
  await db
    .insert(campaignVersions)
    .values({
      ...{ campaign: id, version, keptFor: o.keptFor, subject, preheader, fromName, mjml, text },
      ...{ keptAt: o.at, keptBy: o.by },
    })
    .onConflictDoNothing();
}
