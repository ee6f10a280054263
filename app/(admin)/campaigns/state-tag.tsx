import type { CampaignState } from "../../../lib/campaigns/types.ts";
import type { Translate } from "../../_server/translate.ts";
import { StatusTag, type Tone } from "../../_ui/status-tag.tsx";

const TONES: Record<CampaignState, Tone> = {
  ...{ draft: "still", scheduled: "info", sending: "info", paused: "warn", stopped: "bad", ended: "ok" },
  cancelled: "still",
};

/** What state a campaign is in, as a word. */
export function CampaignTag({ state, t }: { state: CampaignState; t: Translate }) {
  return <StatusTag tone={TONES[state]}>{t(`campaigns.states.${state}`)}</StatusTag>;
}
