import { z } from "zod";
import { CampaignChanged } from "../../../../../lib/campaigns/changed.ts";
import { DraftChange } from "../../../../../lib/campaigns/draft.ts";
import { saveDraft } from "../../../../../lib/campaigns/save.ts";
import { mutatingRoute } from "../../../../_server/mutating-route.ts";

const Body = DraftChange.extend({ version: z.int().positive() });

/** The page's own saver: 200 with the new version, 409 with what the other one saved (B95), 422 with what is wrong by field. */
export const POST = mutatingRoute<typeof Body, { id: string }>(
  Body,
  "campaigns.write",
  async ({ s, who }, { version, ...change }, { id }) => {
    try {
      const saved = await saveDraft(s, { who, campaign: id, version, change });
      return { version: saved.version, savedAt: saved.savedAt.toISOString() };
    } catch (error) {
      if (!(error instanceof CampaignChanged)) throw error;
      const { theirs, version } = error;
      return Response.json({ error: { code: error.code }, theirs, version }, { status: 409 });
    }
  },
);
