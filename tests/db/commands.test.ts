import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "../../scripts/embedded/postgres.mjs";
import { command } from "../../scripts/parts/command.mjs";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { builtFile } from "../support/process.ts";

const MAIN = await builtFile(join(import.meta.dirname, "../../scripts/cli/main.ts"));

/** Runs a command as the command line does, over a test's database and a data folder of its own. */
async function commandLine(d: TestDatabase) {
  const home = mkdtempSync(join(tmpdir(), "commands-"));
  d.after(() => rmSync(home, { recursive: true, force: true }));
  const env = {
    PORT: String(await freePort()),
    DATABASE_URL: d.url,
    ASSENSO_HOME: home,
    APP_URL: "https://staff.example.it",
    PUBLIC_URL: "https://news.example.it",
  };
  const run = async (...args: string[]) => {
    const { code, said } = await command(process.execPath, [MAIN, ...args, "--json"], { cwd: process.cwd(), env });
    return { code, answer: JSON.parse(said.trim().split("\n").at(-1) ?? "") as Record<string, string> };
  };
  const file = (content: unknown) => {
    const path = join(home, "answers.json");
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  return { run, file, home };
}

const ANSWERS = {
  you: { name: "Anna Neri", email: "Anna@Example.it", password: "una frase lunga e mia", locale: "it" },
  organization: {
    ...{
      legalName: "Libreria Neri S.r.l.",
      address: "Via Roma 1, 10100 Torino",
      taxId: "IT01234567890",
      privacyEmail: "privacy@example.it",
    },
    ...{
      dpo: "",
      processors: [],
      consentMonths: 24,
      privacyUrl: "",
      website: "https://example.it",
      locale: "it",
      tone: "tu",
      timeZone: "Europe/Rome",
    },
  },
  list: { name: "Novità", topics: "libri e incontri", frequency: "una volta al mese", locale: "it" },
};

test("a set-up link is one: a new one takes the place of the one before, and there is none once somebody has set up", async (t) => {
  const d = await freshDatabase(t);
  const { run, file, home } = await commandLine(d);
  const links = [await run("setup-link"), await run("setup-link"), await run("prepare")].map(
    ({ answer }) => answer.link ?? answer.setup,
  );
  assert.equal(new Set(links).size, 3);
  for (const link of links) assert.match(link ?? "", /^https:\/\/staff\.example\.it\/s\/v1\.k1\./);
  const { rows } = await d.owner.pool.query("select count(*)::int as n from user_tokens where purpose = 's'");
  assert.equal(rows[0].n, 1);
  assert.equal(statSync(join(home, "keys.json")).mode & 0o777, 0o600);

  assert.equal((await run("setup", "--file", file(ANSWERS))).code, 0);
  const refused = await run("setup-link");
  assert.equal(refused.code, 1);
  assert.match(refused.answer.error ?? "", /set up already/);
  assert.equal("setup" in (await run("prepare")).answer, false);
});

test("a file of answers does the first run: person, organization, list, words, form; once, and whole", async (t) => {
  const d = await freshDatabase(t);
  const { run, file } = await commandLine(d);
  const counts = async () => {
    const { rows } = await d.owner.pool.query(
      `select (select count(*)::int from users where operator) as users, (select count(*)::int from organizations) as organizations,
        (select count(*)::int from lists) as lists, (select count(*)::int from form_versions) as forms`,
    );
    return rows[0];
  };
  const bad = await run("setup", "--file", file({ ...ANSWERS, list: { ...ANSWERS.list, name: "" }, more: 1 }));
  assert.equal(bad.code, 1);
  assert.match(bad.answer.error ?? "", /list\.name: .*\n.*\(more\)/);
  const weak = await run("setup", "--file", file({ ...ANSWERS, you: { ...ANSWERS.you, password: "short" } }));
  assert.equal(weak.code, 1);
  assert.deepEqual(await counts(), { users: 0, organizations: 0, lists: 0, forms: 0 });

  const done = await run("setup", "--file", file(ANSWERS));
  assert.equal(done.code, 0, done.answer.error);
  assert.match(done.answer.form ?? "", /^https:\/\/news\.example\.it\/f\/[0-9a-f-]{36}$/);
  assert.deepEqual(await counts(), { users: 1, organizations: 1, lists: 1, forms: 1 });
  assert.equal((await run("setup", "--file", file(ANSWERS))).code, 1);
  assert.deepEqual(await counts(), { users: 1, organizations: 1, lists: 1, forms: 1 });

  const reset = await run("user", "reset", "--email", "anna@EXAMPLE.it");
  assert.match(reset.answer.link ?? "", /^https:\/\/staff\.example\.it\/r\/v1\.k1\./);
  assert.equal((await run("user", "reset", "--email", "nobody@example.it")).code, 1);
  assert.equal((await run("user", "reset")).code, 2);
});

test("a database whose keys are gone is not given new ones", async (t) => {
  const d = await freshDatabase(t);
  const { run, home } = await commandLine(d);
  assert.equal((await run("prepare")).code, 0);
  rmSync(join(home, "keys.json"));
  const { code, answer } = await run("prepare");
  assert.equal(code, 1);
  assert.match(answer.error ?? "", /^The keys are missing: this database belongs to the installation/);
});

test("doctor finds keys that anybody can read, another installation's keys and a schema of another version", async (t) => {
  const d = await freshDatabase(t);
  const { run, home } = await commandLine(d);
  await run("prepare");
  assert.equal((await run("doctor")).code, 0);
  chmodSync(join(home, "keys.json"), 0o644);
  assert.equal((await run("doctor")).code, 1);
  const keys = {
    installation: "01890a5d-ac96-774b-bcce-b302099a8057",
    write: "k1",
    keys: { k1: Buffer.alloc(32, 1).toString("base64") },
  };
  writeFileSync(join(home, "keys.json"), JSON.stringify(keys), { mode: 0o600 });
  chmodSync(join(home, "keys.json"), 0o600);
  await d.owner.pool.query(
    "insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)",
  );
  const { code, answer } = await run("doctor");
  assert.equal(code, 1);
  const wrong = (answer.findings as unknown as { name: string; ok: boolean }[])
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);
  assert.deepEqual(wrong, ["schema", "data"]);
});
