import { sql } from "drizzle-orm";
import type { Services } from "../services.ts";
import { maskAddress } from "../text/address.ts";
import { requireRight, seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { findCampaign } from "./find.ts";

export type LastReply = {
  position: number;
  contact: string;
  address: string | null;
  state: string;
  reply: string;
  at: Date;
};

/** Rows are sent in order of position: the newest answers are near the last one begun. */
const NEAR = 1000;

/** What the server said last, newest first; addresses masked for auditors. */
export async function lastReplies(
  s: Services,
  o: { who: Who; campaign: string; limit?: number },
): Promise<LastReply[]> {
  requireRight(o.who, "campaigns.see");
  const { id, upto } = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  const { rows } = await s.db.execute<LastReply>(sql`
    select d.position, d.contact, c.address, d.state::text as state, d.reply, d.sent_at as at
      from deliveries d left join contacts c on c.id = d.contact
     where d.campaign = ${id}::uuid and d.position > ${upto - NEAR} and d.reply is not null and d.sent_at is not null
     order by d.sent_at desc, d.position desc limit ${o.limit ?? 5}`);
  const shown = (address: string | null) => (address === null || seesAddresses(o.who) ? address : maskAddress(address));
  return rows.map((row) => ({ ...row, address: shown(row.address), at: new Date(row.at) }));
}
