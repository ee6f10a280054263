import assert from "node:assert/strict";
import { test } from "node:test";
import { leave } from "../../lib/consent/leave.ts";
import { sequenceAll } from "../../lib/ledger/sequence.ts";
import { overview } from "../../lib/reports/overview.ts";
import { freshDatabase } from "../support/database.ts";
import { makeList, makeOrganization, makeWho, subscribe } from "../support/people.ts";
import { testServices } from "../support/services.ts";

test("the first page says what to do next, step by step, and counts four weeks of consents", async (t) => {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s);
  const who = await makeWho(s, organization, "marketing");
  const next = async () => (await overview(s, { who })).toDo.map((x) => x.what);
  assert.deepEqual(await next(), ["publish_list", "add_server"]);
  const list = await makeList(s, organization);
  assert.deepEqual(await next(), ["try_form", "write_campaign", "add_server"]);
  const { leave: token } = await subscribe(s, list, "anna@esempio.it");
  await leave(s, { token, scope: "list", method: "unsub_page", request: {} });
  await sequenceAll(s);
  const seen = await overview(s, { who });
  assert.deepEqual(
    seen.toDo.map((x) => x.what),
    ["write_campaign", "add_server"],
  );
  assert.equal(seen.days.length, 28);
  const { day, ...today } = seen.days.at(-1) ?? { day: "" };
  assert.deepEqual(today, { asked: 1, confirmed: 1, left: 1 });
  assert.match(day, /^\d{4}-\d\d-\d\d$/);
  assert.deepEqual(
    seen.entries.map((x) => [x.number, x.kind]),
    [
      [3, "consent.withdrawn"],
      [2, "consent.confirmed"],
      [1, "consent.requested"],
    ],
  );
  assert.deepEqual(
    seen.today.map((x) => [x.kind, x.campaign, x.system]),
    [["sandbox", 0, 0]],
  );
  const stranger = await makeWho(s, await makeOrganization(s), "marketing");
  assert.deepEqual((await overview(s, { who: stranger })).entries, []);
});
