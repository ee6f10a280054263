import assert from "node:assert/strict";
import { test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { bases, confirmations } from "../../db/schema/consent.ts";
import { contacts } from "../../db/schema/contacts.ts";
import { appNow } from "../../lib/clock.ts";
import { confirm } from "../../lib/consent/confirm.ts";
import { countAudience } from "../../lib/consent/gate.ts";
import { leave } from "../../lib/consent/leave.ts";
import { showConfirmation } from "../../lib/consent/show-confirmation.ts";
import { story } from "../../lib/consent/story.ts";
import { sequenceAll } from "../../lib/ledger/sequence.ts";
import { DAY, reasonNow, request, world } from "../support/consent.ts";
import { askFor, leaveToken, makeList, makeOrganization, makeWho, subscribe } from "../support/people.ts";

test("LB-02 DO-01 DO-08 asked, confirmed, left: nobody is written to without a basis, and the gate replays each instant", async (t) => {
  const { s, organization, list, form } = await world(t);
  const links = await askFor(s, form, "Anna.Rossi@esempio.it");
  assert.ok(links);
  assert.deepEqual(await s.db.select().from(contacts), [], "no contact before she confirms");
  const { contact, leave: token } = await subscribe(
    s,
    { list, form: (await makeList(s, organization, "Altra")).form },
    "bea@esempio.it",
  ).then(async () => {
    const view = await confirm(s, { token: links.confirm, request });
    assert.equal(view.state, "confirmed");
    const id = view.state === "confirmed" ? String(view.contact) : "";
    return { contact: id, leave: await leaveToken(s, id, list) };
  });
  const confirmed = await appNow(s.db);
  assert.equal(await reasonNow(s, { organization, list, contact }), null);
  await leave(s, { token, scope: "list", method: "one_click_post", request });
  assert.equal(await reasonNow(s, { organization, list, contact }), "withdrawn");
  assert.equal(
    await reasonNow(s, { organization, list, contact, at: confirmed }),
    null,
    "at that instant she could be written to",
  );
});

test("DO-03 DO-04 looking at a link a hundred times changes nothing; a changed character is unknown", async (t) => {
  const { s, form } = await world(t);
  const links = await askFor(s, form, "anna@esempio.it");
  assert.ok(links);
  for (let i = 0; i < 100; i++) assert.equal((await showConfirmation(s, { token: links.confirm })).state, "open");
  assert.equal((await s.db.select().from(confirmations))[0]?.outcome, null);
  const last = links.confirm.at(-1) === "A" ? "Q" : "A";
  assert.equal((await showConfirmation(s, { token: links.confirm.slice(0, -1) + last })).state, "unknown");
  const { rows } = await s.db.execute(
    sql`select from confirmations where token_hash::text like ${`%${links.confirm.slice(6, 20)}%`}`,
  );
  assert.equal(rows.length, 0, "the table holds no usable token");
});

test("B64 AT-02 a confirmation used twice, or after a withdrawal, changes nothing", async (t) => {
  const { d, s, organization, list, form } = await world(t);
  const old = await askFor(s, form, "anna@esempio.it");
  await d.moveClock(2 * DAY);
  const { contact, leave: token } = await subscribe(s, { list, form }, "anna@esempio.it");
  await leave(s, { token, scope: "list", method: "unsub_page", request });
  assert.ok(old);
  assert.equal((await confirm(s, { token: old.confirm, request })).state, "superseded");
  assert.equal(await reasonNow(s, { organization, list, contact }), "withdrawn");
});

test("DO-05 confirming confirms what was ticked and nothing else", async (t) => {
  const { s, list, form } = await world(t);
  const { contact } = await subscribe(s, { list, form }, "anna@esempio.it");
  const rows = await s.db.select({ purpose: bases.purpose }).from(bases).where(eq(bases.contact, contact));
  assert.deepEqual(rows, [{ purpose: "promo" }]);
});

test("LB-01 no contact without an origin, whoever writes", async (t) => {
  const { d, organization } = await world(t);
  const insert = sql`insert into contacts (id, organization, address, address_key, locale, provenance, created_at)
    values (gen_random_uuid(), ${organization}, 'x@y.it', 'x@y.it', 'it', gen_random_uuid(), now())`;
  await assert.rejects(d.owner.db.execute(insert), { code: "23503", constraint: "contact_has_an_origin" });
});

test("EV-02 CC-04 events, numbers and published words are never changed, by grant and by trigger", async (t) => {
  const { d, s, list, form } = await world(t);
  await subscribe(s, { list, form }, "anna@esempio.it");
  for (const statement of [
    "update consent_events set kind = 'x'",
    "delete from consent_events",
    "update notices set body = 'x'",
  ]) {
    await assert.rejects(s.db.execute(sql.raw(statement)), { code: "42501" }, statement);
    await assert.rejects(d.owner.db.execute(sql.raw(statement)), { code: "42501" }, `as the owner: ${statement}`);
  }
  await assert.rejects(d.owner.db.execute(sql`truncate consent_events`), { code: "42501" });
  await assert.rejects(s.db.execute(sql`update bases set until_at = until_at + interval '1 year'`), { code: "42501" });
  await assert.rejects(s.db.execute(sql`update clock set offset_ms = 5`), { code: "42501" });
});

test("design 6: people confirmed only by sandbox mail are refused once a real server carries the mail", async (t) => {
  const { d, s, organization, list, form } = await world(t);
  const links = await askFor(s, form, "anna@esempio.it");
  assert.ok(links);
  await d.owner.db.update(confirmations).set({ simulated: true });
  const view = await confirm(s, { token: links.confirm, request });
  const contact = view.state === "confirmed" ? String(view.contact) : "";
  assert.equal(await reasonNow(s, { organization, list, contact, real: false }), null);
  assert.equal(await reasonNow(s, { organization, list, contact, real: true }), "simulated");
  const counted = await countAudience(s.db, { organization, lists: [list], at: await appNow(s.db), real: true });
  assert.deepEqual(counted, { allowed: 0, refused: [{ reason: "simulated", n: 1 }], about: false });
});

test("RT-01 a consent runs out at its end, and at no other time", async (t) => {
  const { d, s, organization, list, form } = await world(t);
  const { contact } = await subscribe(s, { list, form }, "anna@esempio.it");
  await d.moveClock(729 * DAY);
  assert.equal(await reasonNow(s, { organization, list, contact }), null);
  await d.moveClock(3 * DAY);
  assert.equal(await reasonNow(s, { organization, list, contact }), "expired");
});

test("CC-05 CC-06 the register tells the whole story; IP and user agent open for compliance alone", async (t) => {
  const { s, organization, list, form } = await world(t);
  const { contact, leave: token } = await subscribe(s, { list, form }, "anna@esempio.it");
  await leave(s, { token, scope: "list", method: "one_click_post", request });
  await sequenceAll(s);
  const officer = await makeWho(s, organization, "compliance");
  const marketer = await makeWho(s, organization, "marketing");
  const lines = await story(s, { who: officer, contact });
  assert.deepEqual(
    lines.map((x) => [x.kind, x.number]),
    [
      ["consent.requested", 1],
      ["consent.confirmed", 2],
      ["consent.withdrawn", 3],
    ],
  );
  assert.equal(lines[0]?.evidence?.request?.ip, "203.0.113.9");
  assert.equal(lines[1]?.evidence?.request?.ip, "2001:db8::7", "IPv6 whole");
  assert.deepEqual(lines[0]?.boxes, [{ purpose: "promo", shown: true, ticked: true }]);
  assert.ok((await story(s, { who: marketer, contact })).every((x) => x.evidence === undefined));
  const stranger = await makeWho(s, await makeOrganization(s), "owner");
  await assert.rejects(story(s, { who: stranger, contact }), { code: "NOT_FOUND" });
});

test("AT-05 DO-01 nobody on a list is mailed before confirming", async (t) => {
  const { s, organization, list, form } = await world(t);
  await askFor(s, form, "anna@esempio.it");
  const at = await appNow(s.db);
  assert.deepEqual(await countAudience(s.db, { organization, lists: [list], at, real: false }), {
    ...{ allowed: 0, about: false },
    refused: [],
  });
  const { contact } = await subscribe(s, { list, form }, "bea@esempio.it");
  const other = await makeList(s, organization, "Altra");
  await askFor(s, other.form, "bea@esempio.it");
  assert.equal(await reasonNow(s, { organization, list: other.list, contact }), "never_confirmed");
});
