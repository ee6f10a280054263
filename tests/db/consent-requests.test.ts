import assert from "node:assert/strict";
import { test } from "node:test";
import { confirmations, ledgerRecords } from "../../db/schema/consent.ts";
import { subjects } from "../../db/schema/contacts.ts";
import { outbox } from "../../db/schema/servers.ts";
import { confirm } from "../../lib/consent/confirm.ts";
import { expireRequests } from "../../lib/consent/expire.ts";
import { refuse } from "../../lib/consent/refuse.ts";
import { showConfirmation } from "../../lib/consent/show-confirmation.ts";
import { DAY, request, world } from "../support/consent.ts";
import { askFor } from "../support/people.ts";

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
