import assert from "node:assert/strict";
import { test } from "node:test";
import { appNow } from "../../lib/clock.ts";
import { inTransaction } from "../../lib/services.ts";
import { freshDatabase } from "../support/database.ts";
import { testServices } from "../support/services.ts";

test("the clock is the database's: a test moves it, and a transaction sees it move", async (t) => {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const before = await appNow(s.db);
  await d.moveClock(40 * 86_400_000);
  const after = await inTransaction(s, (inside) => appNow(inside.db));
  assert.ok(Math.abs(after.getTime() - before.getTime() - 40 * 86_400_000) < 5000);
});

test("two processes share keys and journal folder and write a file each", async (t) => {
  const d = await freshDatabase(t);
  const one = await testServices(d);
  const other = await testServices(d, { like: one });
  assert.equal(other.keyRingJson, one.keyRingJson);
  assert.deepEqual(other.keys.sub(1, "journal"), one.keys.sub(1, "journal"));
  assert.notEqual(other.journal.writer, one.journal.writer);
});
