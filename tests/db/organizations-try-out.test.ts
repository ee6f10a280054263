import assert from "node:assert/strict";
import { test } from "node:test";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { confirm } from "../../lib/consent/confirm.ts";
import { publishFirstList } from "../../lib/forms/publish-first-list.ts";
import { sequence } from "../../lib/ledger/sequence.ts";
import { tryOut } from "../../lib/reports/try-out.ts";
import { freshDatabase } from "../support/database.ts";
import { askFor } from "../support/people.ts";
import { testServices } from "../support/services.ts";
import { firstRun } from "../support/staff.ts";

const LIST = {
  name: "Novità",
  topics: "novità in libreria",
  frequency: "una volta al mese",
  locale: "it",
  tone: "tu",
} as const;

test("the last page of the first run ticks each step by what is in the database", async (t) => {
  const s = await testServices(await freshDatabase(t));
  const { who, organization } = await firstRun(s);
  assert.deepEqual(await tryOut(s, { who }), { asked: false });
  const { form } = await publishFirstList(s, { who, ...LIST });
  assert.deepEqual(await tryOut(s, { who }), { asked: false, form: { id: form, list: "Novità" } });
  const links = await askFor(s, form, "giulia@esempio.it");
  assert.equal((await tryOut(s, { who })).asked, true);
  await confirm(s, { token: links?.confirm ?? "", request: {} });
  const waiting = (await tryOut(s, { who })).confirmed;
  assert.equal(waiting?.seq, null);
  await sequence(s, organization);
  const { confirmed, campaign } = await tryOut(s, { who });
  assert.ok(confirmed && confirmed.seq !== null && confirmed.seq > 0 && confirmed.contact);
  assert.match(confirmed.words[0]?.text ?? "", /^Acconsento a ricevere da Casa editrice Esempio s\.r\.l\./);
  assert.equal(campaign, undefined);
  const id = await createCampaign(s, { who, from: "letter", name: "La prima" });
  assert.deepEqual((await tryOut(s, { who })).campaign, { id, name: "La prima", state: "draft", accepted: 0 });
});

test("a first list whose words cannot be published leaves nothing behind", async (t) => {
  const s = await testServices(await freshDatabase(t));
  const { who } = await firstRun(s);
  await assert.rejects(publishFirstList(s, { who: { ...who, roles: ["marketing"] }, ...LIST }), { code: "FORBIDDEN" });
  assert.deepEqual(await tryOut(s, { who }), { asked: false });
  const { rows } = await s.db.execute("select from lists");
  assert.equal(rows.length, 0);
});
