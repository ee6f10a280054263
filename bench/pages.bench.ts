import { sql } from "drizzle-orm";
import { listCampaigns } from "../lib/campaigns/list.ts";
import { liveView } from "../lib/delivery/live-view.ts";
import { deliveriesOf } from "../lib/delivery/rows.ts";
import { overview } from "../lib/reports/overview.ts";
import { listServers } from "../lib/servers/find.ts";
import { freshDatabase } from "../tests/support/database.ts";
import { launched, scene, sinkServer } from "../tests/support/sending.ts";
import { testServices } from "../tests/support/services.ts";
import type { Figure } from "./figure.ts";

const CAMPAIGNS = 10;
const PEOPLE = 1_000_000;
const TIMES = 5;

/**
 * Milliseconds that the pages of campaigns and servers wait for the database, at ten campaigns of a million deliveries each, one of them half sent. The contacts behind the rows
 * are not there: the rows are found the same way.
 */
export default async function pagesBench(): Promise<Figure[]> {
  const closers: (() => Promise<void>)[] = [];
  const t = { after: (work: () => Promise<void>) => void closers.unshift(work) };
  try {
    const d = await freshDatabase(t, { durable: true });
    const s = await testServices(d);
    const here = await scene(s, { people: 10 });
    const server = await sinkServer(s, { organization: here.organization, port: 1 });
    let campaign = "";
    for (let i = 0; i < CAMPAIGNS; i++) {
      campaign = await launched(s, { scene: here, server });
      await s.db.execute(sql`
        insert into deliveries (campaign, position, contact, list, state, reason, decided_at, sent_at)
        select ${campaign}::uuid, n, gen_random_uuid(), ${here.list}::uuid,
               (case when n % 50000 = 7 then 'uncertain' when n % 100 = 3 then 'rejected' when n < ${i === CAMPAIGNS - 1 ? PEOPLE / 2 : PEOPLE} then 'accepted' else 'pending' end)::delivery_state,
               case when n % 50000 = 7 then 'owner_gone' when n % 100 = 3 then 'refused' end, app_now() - interval '1 hour', app_now() - n * interval '10 milliseconds'
          from generate_series(0, ${PEOPLE - 1}) n`);
      await s.db.execute(
        sql`update campaigns set size = ${PEOPLE}, upto = ${PEOPLE / 2}, snapshot_done = true, state = ${i === CAMPAIGNS - 1 ? "sending" : "ended"} where id = ${campaign}::uuid`,
      );
    }
    await s.db.execute(sql`vacuum (analyze) deliveries`);
    const { who } = here;
    const pages: [string, () => Promise<unknown>][] = [
      ["campaign list", () => listCampaigns(s, { who })],
      ["overview", () => overview(s, { who })],
      ["live page", () => liveView(s, { who, campaign })],
      ["uncertain ones of a million", () => deliveriesOf(s, { who, campaign, states: ["uncertain"] })],
      [
        "last page of the refused",
        () => deliveriesOf(s, { who, campaign, states: ["rejected"], after: PEOPLE - 3000 }),
      ],
      [
        "last page of those who received it",
        () => deliveriesOf(s, { who, campaign, states: ["accepted"], after: PEOPLE / 2 - 60 }),
      ],
      ["server list", () => listServers(s, { who })],
    ];
    const found: Figure[] = [];
    for (const [name, ask] of pages) {
      await ask();
      const begun = performance.now();
      for (let i = 0; i < TIMES; i++) await ask();
      const ours = Math.round(((performance.now() - begun) / TIMES) * 10) / 10;
      found.push({
        name: `${name}, ms of database at 10,000,000 deliveries`,
        ours,
        better: "less",
        goal: { value: 100 },
      });
    }
    return found;
  } finally {
    for (const close of closers) await close();
  }
}
