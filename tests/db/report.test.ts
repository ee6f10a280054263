import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { auditLog } from "../../db/schema/installation.ts";
import { exportRows } from "../../lib/delivery/export-rows.ts";
import { fillSnapshot } from "../../lib/delivery/snapshot.ts";
import { campaignReport, countReports } from "../../lib/reports/campaign-report.ts";
import { reportPdf } from "../../lib/reports/report-pdf.ts";
import { freshDatabase } from "../support/database.ts";
import { makeWho } from "../support/people.ts";
import { launched, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d);

/** Ten people: seven accepted on two days, one refused, one uncertain, one still to do; two of those who received it left, one of them too late. */
async function sent() {
  const house = await scene(s, { people: 10, live: true });
  const campaign = await launched(s, {
    scene: house,
    server: await sinkServer(s, { organization: house.organization, port: 1 }),
  });
  await s.db.execute(
    sql`update campaigns set launched_at = app_now() - interval '20 days' where id = ${campaign}::uuid`,
  );
  while (await fillSnapshot(s, { campaign }));
  await s.db.execute(sql`
    update deliveries set tries = 1, epoch = null,
           state = (case when position < 7 then 'accepted' when position = 7 then 'rejected' when position = 8 then 'uncertain' else 'pending' end)::delivery_state,
           reason = case position when 7 then 'hard_bounce' when 8 then 'owner_gone' end,
           sent_at = case when position < 4 then timestamptz '2026-03-01 23:30+00' when position < 8 then timestamptz '2026-03-02 10:00+00' end
     where campaign = ${campaign}::uuid`);
  const leave = (position: number, at: string) =>
    s.db.execute(sql`
    update bases b set ended_at = ${at}::timestamptz, ended_reason = 'withdrawn', ended_by = b.event
      from deliveries d where d.campaign = ${campaign}::uuid and d.position = ${position} and b.contact = d.contact`);
  await s.db.execute(sql`update campaigns set launched_at = '2026-03-01 09:00+00' where id = ${campaign}::uuid`);
  await leave(5, "2026-03-04 10:00+00");
  await leave(6, "2026-03-12 10:00+00");
  await leave(9, "2026-03-03 10:00+00");
  return { house, campaign };
}

test("a report adds up by state, by day on the organization's clocks and by domain, and says who left within a week", async () => {
  const { house, campaign } = await sent();
  const { progress, counted } = await campaignReport(s, { who: house.who, campaign });
  const kept = await s.db.execute(sql`select from campaign_reports where campaign = ${campaign}::uuid`);
  assert.equal(kept.rowCount, 0, "looking changes nothing");
  assert.deepEqual([progress.size, progress.done, progress.toDo, progress.notSent], [10, 7, 1, 2]);
  assert.deepEqual(
    counted?.days,
    [{ day: "2026-03-02", accepted: 7, rejected: 1 }],
    "half past eleven at night in London is the next day in Rome",
  );
  const sum = (key: "size" | "accepted" | "rejected" | "uncertain" | "toDo") =>
    counted?.domains.reduce((total, one) => total + one[key], 0);
  assert.deepEqual([sum("size"), sum("accepted"), sum("rejected"), sum("uncertain"), sum("toDo")], [10, 7, 1, 1, 1]);
  assert.deepEqual([counted?.left, counted?.complained], [1, 0], "not who left later, nor who had not received it");
});

test("the worker counts what is under way, and again only when it is due", async () => {
  const { campaign } = await sent();
  const at = async () =>
    (await s.db.execute<{ at: Date }>(sql`select at from campaign_reports where campaign = ${campaign}::uuid`)).rows[0]
      ?.at;
  await countReports(s);
  const first = await at();
  assert.ok(first);
  await countReports(s);
  assert.deepEqual(await at(), first);
  await d.moveClock(61_000);
  await countReports(s);
  assert.notDeepEqual(await at(), first);
});

test("the people behind a figure, as a file: recorded, masked for auditors, over several pages", async () => {
  const { house, campaign } = await sent();
  const auditor = await makeWho(s, house.organization, "auditor");
  const rows = [];
  for await (const page of await exportRows(s, { who: auditor, campaign, states: ["accepted"] })) rows.push(...page);
  assert.equal(rows.length, 7);
  assert.ok(
    rows.every((row) => row.address?.includes("•") || row.address?.includes("*") || row.address?.includes("…")),
    rows[0]?.address ?? "",
  );
  const [entry] = await s.db.select().from(auditLog).where(eq(auditLog.object, campaign));
  assert.deepEqual([entry?.action, entry?.user], ["campaign.exported", auditor.user]);
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
});

test("the paper is a PDF of as many pages as it needs", async () => {
  const rows = Array.from({ length: 120 }, (_, i) => [`dominio${i}.it – «però» ș`, String(i)]);
  const pdf = await reportPdf({
    title: "Lettera",
    lines: ["Una frase."],
    tables: [{ title: "Per dominio", heads: ["Dominio", "Persone"], rows }],
    foot: "Rapporto",
  });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  assert.match(pdf.toString("latin1"), /\/Count 4\b/);
});
