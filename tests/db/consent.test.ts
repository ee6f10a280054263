import assert from "node:assert/strict";
import { test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { bases, confirmations, consentEvents, ledgerRecords } from "../../db/schema/consent.ts";
import { contacts, subjects, suppressions } from "../../db/schema/contacts.ts";
import { outbox } from "../../db/schema/servers.ts";
import { appNow } from "../../lib/clock.ts";
import { confirm } from "../../lib/consent/confirm.ts";
import { erase } from "../../lib/consent/erase.ts";
import { expireRequests } from "../../lib/consent/expire.ts";
import { countAudience, decide } from "../../lib/consent/gate.ts";
import { leave, showLeave } from "../../lib/consent/leave.ts";
import { refuse } from "../../lib/consent/refuse.ts";
import { showConfirmation } from "../../lib/consent/show-confirmation.ts";
import { story } from "../../lib/consent/story.ts";
import { undoLeave } from "../../lib/consent/undo-leave.ts";
import { sequenceAll } from "../../lib/ledger/sequence.ts";
import type { Services } from "../../lib/services.ts";
import { suppressAddress } from "../../lib/suppression/suppress.ts";
import { freshDatabase } from "../support/database.ts";
import { askFor, leaveToken, makeList, makeOrganization, makeWho, subscribe } from "../support/people.ts";
import { testServices } from "../support/services.ts";

const DAY = 86_400_000;
const request = { ip: "203.0.113.9", ipFrom: "socket" as const, userAgent: "Test/1" };

async function world(t: Parameters<typeof freshDatabase>[0]) {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s);
  return { d, s, organization, ...(await makeList(s, organization)) };
}

async function reasonNow(
  s: Services,
  o: { organization: string; list: string; contact: string; real?: boolean; at?: Date },
) {
  const at = o.at ?? (await appNow(s.db));
  const [answer] = await decide(s.db, {
    organization: o.organization,
    contacts: [o.contact],
    lists: [o.list],
    at,
    real: o.real ?? false,
  });
  return answer?.reason ?? null;
}

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

test("DO-06 an unconfirmed request expires: its key and address are gone, the event opens no more", async (t) => {
  const { d, s, form } = await world(t);
  const links = await askFor(s, form, "nessuna@esempio.it");
  assert.ok(links);
  await d.moveClock(8 * DAY);
  assert.equal(await expireRequests(s), 1);
  assert.equal(await expireRequests(s), 0);
  const [row] = await s.db.select().from(confirmations);
  assert.deepEqual([row?.outcome, row?.sealed], ["expired", null]);
  assert.ok((await s.db.select().from(subjects)).every((x) => x.key === null));
  assert.deepEqual(
    (await s.db.select().from(outbox)).map((x) => [x.state, x.payload]),
    [["dropped", null]],
  );
  assert.deepEqual(
    (await s.db.select().from(ledgerRecords)).map((x) => x.kind),
    ["consent.expired"],
  );
  const view = await showConfirmation(s, { token: links.confirm });
  assert.equal(view.state, "expired");
  assert.equal((await confirm(s, { token: links.confirm, request })).state, "expired");
});

test("DO-07 it was not me: erased, and no mail to this address for twelve months", async (t) => {
  const { d, s, form } = await world(t);
  const links = await askFor(s, form, "vittima@esempio.it");
  assert.ok(links);
  assert.equal((await refuse(s, { token: links.refuse })).state, "refused");
  assert.equal((await confirm(s, { token: links.confirm, request })).state, "refused");
  assert.ok((await s.db.select().from(subjects)).every((x) => x.key === null));
  await d.moveClock(300 * DAY);
  assert.equal(await askFor(s, form, "vittima@esempio.it"), undefined);
  await d.moveClock(70 * DAY);
  assert.ok(await askFor(s, form, "vittima@esempio.it"), "after twelve months it is over by itself");
});

test("B56 B58 AT-16 twenty sign-ups of one address in an hour are one mail, also as a+1@ … a+20@ three", async (t) => {
  const { s, form } = await world(t);
  let mails = 0;
  for (let i = 0; i < 20; i++) if (await askFor(s, form, "vittima@gmail.com")) mails++;
  assert.equal(mails, 1);
  mails = 0;
  for (let i = 0; i < 15; i++) if (await askFor(s, form, `altra.vittima+${i}@gmail.com`)) mails++;
  assert.equal(mails, 3);
});

test("B57 B86 one network gets 20 confirmation mails an hour, however many addresses it types", async (t) => {
  const { s, form } = await world(t);
  let mails = 0;
  for (let i = 0; i < 30; i++) if (await askFor(s, form, `persona${i}@libero.it`)) mails++;
  assert.equal(mails, 20);
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
  assert.deepEqual(counted, { allowed: 0, refused: [{ reason: "simulated", n: 1 }] });
});

test("RT-01 a consent runs out at its end, and at no other time", async (t) => {
  const { d, s, organization, list, form } = await world(t);
  const { contact } = await subscribe(s, { list, form }, "anna@esempio.it");
  await d.moveClock(729 * DAY);
  assert.equal(await reasonNow(s, { organization, list, contact }), null);
  await d.moveClock(3 * DAY);
  assert.equal(await reasonNow(s, { organization, list, contact }), "expired");
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

test("AT-05 DO-01 nobody on a list is mailed before confirming", async (t) => {
  const { s, organization, list, form } = await world(t);
  await askFor(s, form, "anna@esempio.it");
  const at = await appNow(s.db);
  assert.deepEqual(await countAudience(s.db, { organization, lists: [list], at, real: false }), {
    allowed: 0,
    refused: [],
  });
  const { contact } = await subscribe(s, { list, form }, "bea@esempio.it");
  const other = await makeList(s, organization, "Altra");
  await askFor(s, other.form, "bea@esempio.it");
  assert.equal(await reasonNow(s, { organization, list: other.list, contact }), "never_confirmed");
});
