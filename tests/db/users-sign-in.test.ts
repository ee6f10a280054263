import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eq } from "drizzle-orm";
import { ledgerRecords } from "../../db/schema/consent.ts";
import { auditLog } from "../../db/schema/installation.ts";
import { sessions } from "../../db/schema/users.ts";
import { disablePerson } from "../../lib/users/disable.ts";
import { endSession } from "../../lib/users/end-session.ts";
import { findSession } from "../../lib/users/find-session.ts";
import { listPeople } from "../../lib/users/list-people.ts";
import { signIn } from "../../lib/users/sign-in.ts";
import { stillSignedIn } from "../../lib/users/still-signed-in.ts";
import type { TestDatabase } from "../support/database.ts";
import type { TestServices } from "../support/services.ts";
import { firstRun, GIULIA, join, OTHER, PASSWORD, refusal, sessionOf, staffHouses } from "../support/staff.ts";

let d: TestDatabase;
let s: TestServices;
const next = staffHouses(after);
const fresh = async () => {
  ({ d, s } = await next());
};

describe("signing in (B76, B77, B78, B86)", () => {
  before(async () => {
    await fresh();
    await firstRun(s);
  });

  test("every wrong way has one answer", async () => {
    const { who } = await sessionOf(s, await signIn(s, { email: GIULIA, password: PASSWORD }));
    await join(s, who, "chiusa@esempio.it", "marketing");
    const { people } = await listPeople(s, { who });
    await disablePerson(s, { who, user: people.find(({ email }) => email.startsWith("chiusa"))?.id ?? "" });
    for (const email of [GIULIA, "nessuno@esempio.it", "chiusa@esempio.it", "non un indirizzo", "nul\0@esempio.it"]) {
      const password = email.startsWith("chiusa") ? PASSWORD : OTHER;
      await assert.rejects(signIn(s, { email, password, network: "203.0.113.1" }), refusal("WRONG_CREDENTIALS"), email);
    }
  });

  test("an unknown user costs the work of a known one (B76)", async () => {
    const times = { [GIULIA]: [] as number[], "nessuno@esempio.it": [] as number[] };
    // In turn, so that what else the machine does weighs on both.
    for (let i = 0; i < 24; i++) {
      const email = i % 2 ? GIULIA : "nessuno@esempio.it";
      await d.owner.pool.query("delete from attempts");
      // The processor's time, of all threads: the clock on the wall also shows what others do.
      const from = process.cpuUsage();
      await assert.rejects(signIn(s, { email, password: OTHER }), refusal("WRONG_CREDENTIALS"));
      times[email]?.push(process.cpuUsage(from).user / 1000);
    }
    const [known = 0, unknown = 0] = Object.values(times).map((list) => list.sort((a, b) => a - b)[6]);
    assert.ok(Math.abs(known - unknown) < Math.max(5, known * 0.4), `${known} ms known, ${unknown} ms unknown`);
  });

  test("two hundred tries at one account are a few: it slows down, and lets its owner in again (B77)", async () => {
    await d.owner.pool.query("delete from attempts");
    const tries = Array.from({ length: 200 }, () =>
      signIn(s, { email: GIULIA, password: OTHER, network: "203.0.113.2" }),
    );
    const codes = (await Promise.allSettled(tries)).map((one) => (one as { reason: { code: string } }).reason.code);
    assert.deepEqual(new Set(codes), new Set(["WRONG_CREDENTIALS", "TOO_MANY_TRIES"]));
    const { rows } = await d.owner.pool.query(
      `select extract(epoch from at - lag(at) over (order by at))::float8 as apart, extract(epoch from app_now() - at)::float8 as ago
         from attempts where scope = 'sign_in.pair' order by at`,
    );
    // Five at once; had two hundred of them taken longer than that here, the next ones 2, 4, 8 s after the one before.
    const waits = rows.slice(5).map(({ apart }, i) => apart >= 2 ** (i + 1) - 0.01);
    assert.deepEqual(
      [codes.filter((one) => one === "WRONG_CREDENTIALS").length, waits],
      [rows.length, waits.map(() => true)],
    );
    assert.ok(rows.length >= 5);
    // To one second after the last of them, however long the others took to be refused.
    await d.moveClock(Math.round(1000 - 1000 * rows.at(-1).ago));
    await assert.rejects(
      signIn(s, { email: GIULIA, password: PASSWORD, network: "203.0.113.2" }),
      refusal("TOO_MANY_TRIES"),
    );
    await d.moveClock(1000 * 2 ** (rows.length - 4));
    await signIn(s, { email: GIULIA, password: PASSWORD, network: "203.0.113.2" });
    assert.ok(s.logged.some(({ event }) => event === "sign_in.throttled"));
    assert.ok(!JSON.stringify(s.logged).includes("giulia"));
  });

  test("an account tried from everywhere waits 30 s at most, and not at all where its owner signed in before", async () => {
    await d.owner.pool.query("delete from attempts");
    await signIn(s, { email: GIULIA, password: PASSWORD, network: "198.51.100.7" });
    const from = (i: number) => signIn(s, { email: GIULIA, password: OTHER, network: `192.0.2.${i}` });
    for (let i = 0; i < 60; i++) {
      await from(i).catch(() => undefined);
      await d.moveClock(31_000);
    }
    await assert.rejects(from(100), refusal("WRONG_CREDENTIALS"));
    await assert.rejects(
      from(101),
      (error: { code: string; facts: { seconds: number } }) =>
        error.code === "TOO_MANY_TRIES" && error.facts.seconds <= 30,
    );
    await signIn(s, { email: GIULIA, password: PASSWORD, network: "198.51.100.7" });
  });

  test("one network tries 30 accounts an hour at once, not ten thousand (B77)", async () => {
    await d.owner.pool.query("delete from attempts");
    const codes: string[] = [];
    for (let i = 0; i < 60; i++)
      await signIn(s, { email: `u${i}@esempio.it`, password: OTHER, network: "2001:db8:1:2::/64" }).catch((error) =>
        codes.push(error.code),
      );
    assert.equal(codes.filter((one) => one === "WRONG_CREDENTIALS").length, 30);
  });

  test("each sign-in is a session of its own; what a browser made up is none (B78, B84)", async () => {
    await d.owner.pool.query("delete from attempts");
    const [one, two] = [
      await signIn(s, { email: GIULIA, password: PASSWORD }),
      await signIn(s, { email: GIULIA, password: PASSWORD }),
    ];
    assert.notEqual(one, two);
    for (const made of ["", "x", "A".repeat(22), `${one}=`, `${one}A`, one.toLowerCase()])
      assert.equal(await findSession(s.db, made), undefined, made);
    const rows = await s.db.select().from(sessions);
    assert.ok(rows.every(({ hash }) => !hash.equals(Buffer.from(one, "base64url"))));
    await endSession(s.db, { session: (await sessionOf(s, one)).id, reason: "sign_out" });
    assert.equal(await findSession(s.db, one), undefined);
    assert.ok(await findSession(s.db, two));
  });

  test("a session idles 30 minutes and lives 12 hours (ASVS V7)", async () => {
    await d.owner.pool.query("delete from attempts");
    const idle = await signIn(s, { email: GIULIA, password: PASSWORD });
    await d.moveClock(29 * 60_000);
    assert.ok(await findSession(s.db, idle), "29 minutes");
    await d.moveClock(31 * 60_000);
    assert.equal(await findSession(s.db, idle), undefined, "31 minutes more");
    const busy = await signIn(s, { email: GIULIA, password: PASSWORD });
    for (let i = 0; i < 12 * 60 - 25; i += 25) {
      assert.ok(await findSession(s.db, busy), `${i} minutes`);
      await d.moveClock(25 * 60_000);
    }
    await d.moveClock(20 * 60_000);
    assert.equal(await findSession(s.db, busy), undefined, "12 hours");
  });

  test("each one stands in the audit log and in the organization's ledger", async () => {
    const records = await s.db.select().from(ledgerRecords).where(eq(ledgerRecords.kind, "sign_in"));
    const entries = await s.db.select().from(auditLog).where(eq(auditLog.action, "sign_in"));
    assert.ok(records.length > 3 && entries.length >= records.length);
  });
});

test("what runs on without its person sees that a session stands, and does not keep it (ASVS V7)", async () => {
  await fresh();
  await firstRun(s);
  const reference = await signIn(s, { email: GIULIA, password: PASSWORD });
  const { id: session } = await sessionOf(s, reference);
  for (let minutes = 0; minutes < 28; minutes += 7) {
    await d.moveClock(7 * 60_000);
    assert.ok(await stillSignedIn(s.db, session), `${minutes + 7} minutes`);
    assert.ok(await findSession(s.db, reference, { seen: false }), "a page that stands open");
  }
  await d.moveClock(3 * 60_000);
  assert.equal(await stillSignedIn(s.db, session), false);
  assert.equal(await findSession(s.db, reference), undefined);
});
