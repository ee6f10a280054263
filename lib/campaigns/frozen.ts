import { and, eq } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { campaigns, contents } from "../../db/schema/campaigns.ts";
import { DomainError } from "../errors.ts";
import type { Tone } from "../notices/words/types.ts";
import type { Frozen } from "../templates/types.ts";

/** What stands in the head of a frozen campaign beside its texts: everything that is the same in all messages, for good. */
export type Head = Omit<Frozen, "html" | "text"> & {
  v: 1;
  preheader: string;
  fromName: string;
  tone: Tone;
  lists: string[];
};

/**
 * The frozen texts of a launched campaign: what the engine merges people into, whatever became of the draft, the organization or a template since (F18).
 * @throws CAMPAIGN_NOT_FROZEN when it has none: it was not launched, or its texts are gone
 */
export async function frozenCampaign(db: Db, o: { campaign: string }): Promise<Frozen & Head> {
  const [row] = await db.select().from(campaigns).where(eq(campaigns.id, o.campaign));
  const body = async (kind: "head" | "html" | "text", sha: Buffer | null | undefined) => {
    if (!row || !sha) throw new DomainError("CAMPAIGN_NOT_FROZEN");
    const [content] = await db
      .select({ body: contents.body })
      .from(contents)
      .where(and(eq(contents.organization, row.organization), eq(contents.sha256, sha), eq(contents.kind, kind)));
    if (!content) throw new DomainError("CAMPAIGN_NOT_FROZEN");
    return content.body;
  };
  const [head, html, text] = [
    await body("head", row?.headSha),
    await body("html", row?.htmlSha),
    await body("text", row?.textSha),
  ];
  return { ...(JSON.parse(head) as Head), html, text };
}
