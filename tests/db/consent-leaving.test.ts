import assert from "node:assert/strict";
import { test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { consentEvents } from "../../db/schema/consent.ts";
import { subjects, suppressions } from "../../db/schema/contacts.ts";
import { confirm } from "../../lib/consent/confirm.ts";
import { erase } from "../../lib/consent/erase.ts";
import { leave, showLeave } from "../../lib/consent/leave.ts";
import { showConfirmation } from "../../lib/consent/show-confirmation.ts";
import { undoLeave } from "../../lib/consent/undo-leave.ts";
import { suppressAddress } from "../../lib/suppression/suppress.ts";
import { DAY, reasonNow, request, world } from "../support/consent.ts";
import { askFor, makeWho, subscribe } from "../support/people.ts";

test("WD-01 B63 a link of one purpose does nothing as another; leaving twice keeps the first time and one event", async (t) => {
  const { s, list, form } = await world(t);
  const links = await askFor(s, form, "bea@esempio.it");
  assert.ok(links);
  assert.equal(await leave(s, { token: links.confirm, scope: "list", method: "one_click_post", request }), undefined);
  const { leave: token } = await subscribe(s, { list, form }, "anna@esempio.it");
  assert.equal((await showConfirmation(s, { token })).state, "unknown");
  await leave(s, { token, scope: "list", method: "one_click_post", request });
  const first = (await showLeave(s, { token }))?.leftAt;
  await leave(s, { token, scope: "list", method: "one_click_post", request });
  assert.deepEqual((await showLeave(s, { token }))?.leftAt, first);
  const events = await s.db.select().from(consentEvents).where(eq(consentEvents.kind, "consent.withdrawn"));
  assert.equal(events.length, 1);
});

test("a leave is undone within 30 minutes, by the page that did it, and not later", async (t) => {
  const { d, s, organization, list, form } = await world(t);
  const { contact, leave: token } = await subscribe(s, { list, form }, "anna@esempio.it");
  await leave(s, { token, scope: "list", method: "unsub_page", request });
  const undo = (await showLeave(s, { token }))?.undo;
  assert.ok(undo);
  assert.equal(await undoLeave(s, { token, event: undo.event, request }), true);
  assert.equal(await reasonNow(s, { organization, list, contact }), null);
  assert.equal(await undoLeave(s, { token, event: undo.event, request }), false, "once");
  await leave(s, { token, scope: "list", method: "unsub_page", request });
  const again = (await showLeave(s, { token }))?.undo;
  assert.ok(again);
  await d.moveClock(31 * 60_000);
  assert.equal(await undoLeave(s, { token, event: again.event, request }), false);
  assert.equal(await reasonNow(s, { organization, list, contact }), "withdrawn");
});

test("AT-04 after a withdrawal only her own new confirmation lets her back", async (t) => {
  const { d, s, organization, list, form } = await world(t);
  const { contact, leave: token } = await subscribe(s, { list, form }, "anna@esempio.it");
  await leave(s, { token, scope: "all", method: "unsub_page", request });
  await d.moveClock(2 * DAY);
  const links = await askFor(s, form, "anna@esempio.it");
  assert.ok(links, "signing up again is possible, and asks for a confirmation again");
  assert.equal(await reasonNow(s, { organization, list, contact }), "withdrawn");
  assert.equal((await confirm(s, { token: links.confirm, request })).state, "confirmed");
  assert.equal(await reasonNow(s, { organization, list, contact }), null);
});

test("a dead address is suppressed once, and her own confirmation lifts it", async (t) => {
  const { d, s, organization, list, form } = await world(t);
  const { contact } = await subscribe(s, { list, form }, "anna@esempio.it");
  const dead = {
    organization,
    contact,
    reason: "hard_bounce" as const,
    method: "smtp",
    actor: { type: "system" as const },
  };
  assert.equal(await suppressAddress(s, dead), true);
  assert.equal(await suppressAddress(s, dead), false);
  assert.equal(await reasonNow(s, { organization, list, contact }), "suppressed");
  await d.moveClock(2 * DAY);
  await subscribe(s, { list, form }, "anna@esempio.it");
  assert.equal(await reasonNow(s, { organization, list, contact }), null);
});

test("DS-05 an erased person leaves a keyed code and nothing else: her address is nowhere in a dump", async (t) => {
  const { d, s, organization, list, form } = await world(t);
  const { contact } = await subscribe(s, { list, form }, "cancellami.tutta@esempio.it");
  await erase(s, { who: await makeWho(s, organization, "compliance"), contact });
  assert.equal(await reasonNow(s, { organization, list, contact }), "erased");
  const { rows: tables } = await d.owner.db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const needles = [
    "cancellami.tutta",
    Buffer.from("cancellami.tutta").toString("hex"),
    Buffer.from("cancellami.tutta").toString("base64").slice(0, 18),
  ];
  for (const { name } of tables) {
    const { rows } = await d.owner.db.execute<{ row: string }>(
      sql`select x::text as row from ${sql.identifier(name)} x`,
    );
    for (const { row } of rows)
      for (const needle of needles) assert.ok(!row.includes(needle), `${name} still holds the address`);
  }
  assert.deepEqual(
    (await s.db.select().from(suppressions)).map((x) => x.reason),
    ["erased"],
  );
  assert.ok((await s.db.select().from(subjects)).every((x) => x.key === null));
  await assert.rejects(erase(s, { who: await makeWho(s, organization, "marketing"), contact }), { code: "FORBIDDEN" });
});
