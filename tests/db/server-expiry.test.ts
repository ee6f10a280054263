import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq } from "drizzle-orm";
import { outbox, servers } from "../../db/schema/servers.ts";
import { staffNotices } from "../../db/schema/staff-notices.ts";
import { appNow } from "../../lib/clock.ts";
import { remindOfExpiry } from "../../lib/servers/expiry.ts";
import { findServer } from "../../lib/servers/find.ts";
import { dayOf } from "../../lib/text/calendar-day.ts";
import { openNotices } from "../../lib/users/staff-notices.ts";
import { freshDatabase } from "../support/database.ts";
import { makeOrganization, makeWho } from "../support/people.ts";
import { sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const DAY = 86_400_000;
const d = await freshDatabase({ after });
const s = await testServices(d);

test("staff are reminded at 30, 14, 7 and 1 days, once each however many look; a renewed date is quiet, a removed server too", async () => {
  const organization = await makeOrganization(s);
  const who = await makeWho(s, organization, "owner");
  const server = await sinkServer(s, { organization, port: 1 });
  const lastDay = async (days: number) => dayOf(new Date((await appNow(s.db)).getTime() + days * DAY), "Europe/Rome");
  const set = (expiresOn: string | null) => s.db.update(servers).set({ expiresOn }).where(eq(servers.id, server));
  const told = async () => {
    const rows = await s.db.select().from(staffNotices).orderBy(staffNotices.id);
    return rows.map(({ key, facts }) => [key.split(":").at(-1), facts.days]);
  };
  await remindOfExpiry(s);
  await set(await lastDay(32));
  await remindOfExpiry(s);
  assert.deepEqual(await told(), []);
  for (let day = 1; day <= 34; day++) {
    await d.moveClock(DAY);
    await Promise.all([remindOfExpiry(s), remindOfExpiry(s)]);
  }
  assert.deepEqual(await told(), [
    ["30", 30],
    ["14", 14],
    ["7", 7],
    ["1", 1],
  ]);
  const mails = await s.db.select().from(outbox);
  assert.equal(mails.length, 4, "by mail to the owner, each once");
  const [newest] = await openNotices(s, { who });
  assert.equal(newest?.path, `/servers/${server}`);
  assert.equal((await findServer(s, { who, server })).daysLeft, -2);

  await set(await lastDay(365));
  await remindOfExpiry(s);
  assert.deepEqual(await openNotices(s, { who }), [], "of the old date nothing is said any more");
  assert.equal((await findServer(s, { who, server })).daysLeft, 365);
  await set(await lastDay(6));
  assert.equal(await remindOfExpiry(s), 1, "away for a while: the narrowest alone");
  await s.db
    .update(servers)
    .set({ removedAt: await appNow(s.db) })
    .where(eq(servers.id, server));
  await remindOfExpiry(s);
  assert.deepEqual(await openNotices(s, { who }), []);
});
