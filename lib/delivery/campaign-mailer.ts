import { frozenCampaign } from "../campaigns/frozen.ts";
import { type Prepared, prepareMessage, renderMessage } from "../templates/message.ts";
import type { Mailer } from "./types.ts";

/** The program's own way from a campaign's frozen texts and one person's values to her message. */
export const campaignMailer: Mailer = {
  prepare: async (s, o) => prepareMessage(await frozenCampaign(s.db, o)),
  render: (prepared, values, room) => renderMessage(prepared as Prepared, values, room),
};
