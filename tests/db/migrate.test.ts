import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { migrate, SchemaProblem } from "../../db/migrate.ts";
import { freshDatabase } from "../support/database.ts";

const SHIPPED = join(import.meta.dirname, "../../db/migrations");
const folder = mkdtempSync(join(tmpdir(), "migrations-"));
after(() => rmSync(folder, { recursive: true }));

const problem = (code: SchemaProblem["code"]) => (error: unknown) =>
  error instanceof SchemaProblem && error.code === code;

test("a migrated database is left as it is, by any number of starts at once", async (t) => {
  const d = await freshDatabase(t);
  const all = await Promise.all([1, 2, 3].map(() => migrate(d.ownerUrl)));
  assert.deepEqual(
    all.map((one) => one.applied),
    [0, 0, 0],
  );
  assert.ok(all.every((one) => one.role));
});

test("an empty database gets the whole schema once, from several starts at once", async (t) => {
  const d = await freshDatabase(t);
  await d.owner.pool.query("drop schema public cascade; create schema public; drop schema drizzle cascade");
  const all = await Promise.all([1, 2, 3].map(() => migrate(d.ownerUrl)));
  const total = all[0]?.total ?? 0;
  assert.deepEqual(all.map((one) => one.applied).sort(), [0, 0, total].sort());
});

test("a database newer than the code is refused, and so is one made by other migrations", async (t) => {
  const d = await freshDatabase(t);
  await d.owner.pool.query(
    "insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)",
  );
  await assert.rejects(migrate(d.ownerUrl), problem("DATABASE_NEWER"));
  await d.owner.pool.query("delete from drizzle.__drizzle_migrations where hash = 'later'");
  await d.owner.pool.query("update drizzle.__drizzle_migrations set hash = 'other' where id = 1");
  await assert.rejects(migrate(d.ownerUrl), problem("MIGRATION_CHANGED"));
});

test("a journal whose times do not grow is refused before anything is done", async (t) => {
  const d = await freshDatabase(t);
  cpSync(SHIPPED, folder, { recursive: true });
  const file = join(folder, "meta/_journal.json");
  const journal = JSON.parse(readFileSync(file, "utf8"));
  journal.entries[1].when = journal.entries[0].when;
  writeFileSync(file, JSON.stringify(journal));
  await assert.rejects(migrate(d.ownerUrl, folder), problem("JOURNAL_ORDER"));
});

test("web and worker cannot change what is insert-only, nor the clock", async (t) => {
  const d = await freshDatabase(t);
  for (const statement of [
    "update consent_events set kind = 'x'",
    "delete from audit_log",
    "truncate ledger_entries",
    "update clock set offset_ms = 1",
  ]) {
    await assert.rejects(d.pool.query(statement), { code: "42501" }, statement);
  }
  await d.moveClock(86_400_000);
  const { rows } = await d.pool.query("select extract(epoch from app_now() - clock_timestamp()) as ahead");
  assert.ok(Math.abs(Number(rows[0]?.ahead) - 86_400) < 5);
});
