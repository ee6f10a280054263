import assert from "node:assert/strict";
import { eq } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { saveDraft } from "../../lib/campaigns/save.ts";
import type { Services } from "../../lib/services.ts";
import type { Who } from "../../lib/users/who.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";
import { makeList, makeOrganization, makeWho } from "./people.ts";
import { testServices } from "./services.ts";

/** An organization with a list whose words are published, and its owner: where campaigns are written. */
export type Desk = { d: TestDatabase; s: Services; who: Who; list: string; form: string; organization: string };

export async function desk(t: Parameters<typeof freshDatabase>[0]): Promise<Desk> {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s);
  return { d, s, organization, who: await makeWho(s, organization, "owner"), ...(await makeList(s, organization)) };
}

export async function newsletter({ s, who }: Desk): Promise<string> {
  return createCampaign(s, { who, from: "letter", name: "Novità d’inverno" });
}

export async function rowOf(s: Services, id: string) {
  const [row] = await s.db.select().from(campaigns).where(eq(campaigns.id, id));
  assert.ok(row);
  return row;
}

/** Saves over whatever version stands there. */
export async function save(x: Desk, campaign: string, change: Parameters<typeof saveDraft>[1]["change"]) {
  return saveDraft(x.s, { who: x.who, campaign, version: (await rowOf(x.s, campaign)).version, change });
}

export async function launched(x: Desk, campaign: string, at?: string) {
  return launch(x.s, {
    who: x.who,
    campaign,
    version: (await rowOf(x.s, campaign)).version,
    ...(at ? { at } : {}),
  });
}
