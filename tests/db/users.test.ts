import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eq } from "drizzle-orm";
import { ledgerRecords } from "../../db/schema/consent.ts";
import { auditLog } from "../../db/schema/installation.ts";
import { outbox } from "../../db/schema/servers.ts";
import { sessions, users, userTokens } from "../../db/schema/users.ts";
import { makeLink } from "../../lib/crypto/links.ts";
import { open } from "../../lib/crypto/sealed.ts";
import { acceptInvitation, showInvitation } from "../../lib/users/accept-invitation.ts";
import { changePassword } from "../../lib/users/change-password.ts";
import { disablePerson } from "../../lib/users/disable.ts";
import { enablePerson } from "../../lib/users/enable.ts";
import { endSession } from "../../lib/users/end-session.ts";
import { findSession } from "../../lib/users/find-session.ts";
import { invite } from "../../lib/users/invite.ts";
import { listPeople } from "../../lib/users/list-people.ts";
import { setOperator } from "../../lib/users/operators.ts";
import { requestReset } from "../../lib/users/request-reset.ts";
import { createResetLink, resetPassword, showReset } from "../../lib/users/reset-password.ts";
import { setRoles } from "../../lib/users/set-roles.ts";
import { setUpFirstUser } from "../../lib/users/set-up.ts";
import { createSetupLink } from "../../lib/users/setup-link.ts";
import { signIn } from "../../lib/users/sign-in.ts";
import { withdrawInvitation } from "../../lib/users/withdraw-invitation.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { type TestServices, testServices } from "../support/services.ts";
import { firstRun, join, PASSWORD, sessionOf, tokenOf } from "../support/staff.ts";

const refusal = (code: string) => (error: { code?: string }) => error.code === code;
const GIULIA = "giulia@esempio.it";
const OTHER = "tutt'altre parole ancora";

let d: TestDatabase;
let s: TestServices;
const ends: (() => Promise<void>)[] = [];
const fresh = async () => {
  d = await freshDatabase({ after: (work) => void ends.push(work) });
  s = await testServices(d);
};
after(async () => {
  for (const end of ends) await end();
});

describe("the set-up link", () => {
  before(fresh);

  test("a newer one replaces it, it works once, and then there is none", async () => {
    const [first, second] = [await createSetupLink(s), await createSetupLink(s)];
    assert.match(String(second), /^http:\/\/localhost:3000\/s\/v1\.k1\./);
    const person = { name: "Giulia", email: GIULIA, password: PASSWORD, locale: "it" as const };
    const use = (link: string | undefined) => setUpFirstUser(s, { ...person, token: tokenOf(link) });
    await assert.rejects(use(first), refusal("LINK_GONE"));
    await assert.rejects(
      setUpFirstUser(s, { ...person, password: "corta", token: tokenOf(second) }),
      refusal("PASSWORD_TOO_SHORT"),
    );
    const both = await Promise.allSettled([use(second), use(second)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    await assert.rejects(use(second), refusal("LINK_GONE"));
    assert.equal(await createSetupLink(s), undefined);
    const [user] = await s.db.select().from(users);
    assert.equal(user?.operator, true);
    assert.match(String(user?.passwordHash), /^\$argon2id\$v=19\$m=47104,t=2,p=1\$/);
  });

  test("the table keeps a hash, and a token of another purpose opens nothing", async () => {
    const token = s.randomBytes(16);
    assert.equal(await showInvitation(s, { token: makeLink(s.keys, "s", token) }), undefined);
    const rows = await s.db.select().from(userTokens);
    assert.ok(rows.every(({ hash }) => hash.length === 32));
  });
});

describe("passwords", () => {
  before(async () => {
    await fresh();
    await firstRun(s);
  });
  const link = () => createResetLink(s, { email: GIULIA }).then(tokenOf);

  for (const [password, code] of [
    ["undici char", "PASSWORD_TOO_SHORT"],
    ["é".repeat(11), "PASSWORD_TOO_SHORT"],
    ["x".repeat(129), "PASSWORD_TOO_LONG"],
    ["PasswordPassword", "PASSWORD_COMMON"],
    ["abcabcabcabc", "PASSWORD_COMMON"],
    ["012345678901", "PASSWORD_COMMON"],
    [GIULIA, "PASSWORD_COMMON"],
    ["Giulia Bianchi", "PASSWORD_COMMON"],
  ] as const) {
    test(`${password.slice(0, 20)} is refused: ${code}`, async () => {
      await assert.rejects(resetPassword(s, { token: await link(), password }), refusal(code));
    });
  }
  test("128 characters of any kind are a password, however they are composed", async () => {
    await resetPassword(s, { token: await link(), password: `${"perché no?".normalize("NFD")} ${"🐌".repeat(100)}` });
    await signIn(s, { email: " Giulia@Esempio.IT ", password: `${"perché no?".normalize("NFC")} ${"🐌".repeat(100)}` });
  });
});

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
    assert.deepEqual(
      [codes.filter((one) => one === "WRONG_CREDENTIALS").length, new Set(codes)],
      [5, new Set(["WRONG_CREDENTIALS", "TOO_MANY_TRIES"])],
    );
    await assert.rejects(
      signIn(s, { email: GIULIA, password: PASSWORD, network: "203.0.113.2" }),
      refusal("TOO_MANY_TRIES"),
    );
    await d.moveClock(3000);
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

describe("people of an organization (B78)", () => {
  before(async () => {
    await fresh();
    await firstRun(s);
  });
  const owner = async () => {
    await d.owner.pool.query("delete from attempts");
    return (await sessionOf(s, await signIn(s, { email: GIULIA, password: PASSWORD }))).who;
  };

  test("an invitation works once, for 72 hours, until it is withdrawn or made anew", async () => {
    const who = await owner();
    const make = () => invite(s, { who, email: "nuova@esempio.it", roles: ["marketing", "marketing"], by: "link" });
    const [old, link] = [await make(), await make()];
    assert.equal(await showInvitation(s, { token: tokenOf(old.link) }), undefined);
    assert.deepEqual((await showInvitation(s, { token: tokenOf(link.link) }))?.roles, ["marketing"]);
    await d.moveClock(71 * 3_600_000);
    assert.ok(await showInvitation(s, { token: tokenOf(link.link) }));
    await d.moveClock(3_700_000);
    assert.equal(await showInvitation(s, { token: tokenOf(link.link) }), undefined);
    const again = tokenOf((await make()).link);
    const [{ id = "" } = {}] = (await listPeople(s, { who })).invitations;
    await withdrawInvitation(s, { who, invitation: id });
    const take = (token: string) => acceptInvitation(s, { token, name: "Luca", password: PASSWORD, locale: "en" });
    await assert.rejects(take(again), refusal("LINK_GONE"));
    const last = tokenOf((await make()).link);
    const session = await sessionOf(s, await take(last));
    assert.deepEqual(
      [session.who.roles, session.user.locale, session.organization?.id],
      [["marketing"], "en", who.organization],
    );
    await assert.rejects(take(last), refusal("LINK_GONE"));
    await assert.rejects(make(), refusal("ALREADY_MEMBER"));
  });

  test("an invitation by mail waits sealed in the outbox", async () => {
    assert.deepEqual(
      await invite(s, { who: await owner(), email: "posta@esempio.it", roles: ["auditor"], by: "mail" }),
      {},
    );
    const [mail] = await s.db.select().from(outbox).where(eq(outbox.kind, "invitation"));
    assert.ok(mail?.payload && !mail.payload.toString().includes("posta@"));
    const { to, facts } = JSON.parse(
      open(s.keys, { table: "outbox", row: mail.id, column: "payload" }, mail.payload).toString(),
    );
    assert.equal(to, "posta@esempio.it");
    assert.equal((await showInvitation(s, { token: tokenOf(facts.link) }))?.email, "posta@esempio.it");
  });

  test("who has an account takes an invitation with her own password alone", async () => {
    const who = await owner();
    await join(s, who, "nota@esempio.it", "marketing");
    await setRoles(s, { who, user: await userOf("nota@esempio.it"), roles: [] });
    const token = tokenOf((await invite(s, { who, email: "nota@esempio.it", roles: ["auditor"], by: "link" })).link);
    assert.equal((await showInvitation(s, { token }))?.known, true);
    const take = (password: string) => acceptInvitation(s, { token, name: "x", password, locale: "it" });
    await assert.rejects(take(OTHER), refusal("WRONG_CREDENTIALS"));
    assert.deepEqual((await sessionOf(s, await take(PASSWORD))).who.roles, ["auditor"]);
  });

  test("a change of role ends her sessions, and so does disabling; both are in the ledger", async () => {
    const who = await owner();
    const luca = await join(s, who, "luca@esempio.it", "marketing");
    await setRoles(s, { who, user: luca.who.user, roles: ["marketing"] });
    assert.ok(await findSession(s.db, luca.reference), "nothing changed");
    await setRoles(s, { who, user: luca.who.user, roles: ["compliance"] });
    assert.equal(await findSession(s.db, luca.reference), undefined);
    const again = await signIn(s, { email: "luca@esempio.it", password: PASSWORD });
    assert.deepEqual((await sessionOf(s, again)).who.roles, ["compliance"]);
    await disablePerson(s, { who, user: luca.who.user });
    assert.equal(await findSession(s.db, again), undefined);
    await assert.rejects(signIn(s, { email: "luca@esempio.it", password: PASSWORD }), refusal("WRONG_CREDENTIALS"));
    await enablePerson(s, { who, user: luca.who.user });
    await signIn(s, { email: "luca@esempio.it", password: PASSWORD });
    const records = await s.db.select().from(ledgerRecords).where(eq(ledgerRecords.kind, "role.changed"));
    assert.ok(records.length >= 5);
  });

  test("the last owner stays one, also against two who remove each other", async () => {
    const who = await owner();
    await assert.rejects(setRoles(s, { who, user: who.user, roles: ["marketing"] }), refusal("LAST_OWNER"));
    await assert.rejects(setRoles(s, { who, user: who.user, roles: [] }), refusal("LAST_OWNER"));
    await assert.rejects(disablePerson(s, { who, user: who.user }), refusal("PERSON_IS_YOU"));
    const other = (await join(s, who, "due@esempio.it", "owner")).who;
    const both = await Promise.allSettled([
      setRoles(s, { who, user: other.user, roles: ["marketing"] }),
      setRoles(s, { who: other, user: who.user, roles: ["marketing"] }),
    ]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const { people } = await listPeople(s, { who });
    assert.equal(people.filter(({ roles }) => roles.includes("owner")).length, 1);
    const left = people.find(({ roles }) => roles.includes("owner"));
    if (left?.id !== who.user) await setRoles(s, { who: other, user: who.user, roles: ["owner"] });
  });

  test("the last operator stays one", async () => {
    const who = await owner();
    await assert.rejects(setOperator(s, { who, user: who.user, operator: false }), refusal("LAST_OPERATOR"));
    const user = await userOf("luca@esempio.it");
    await setOperator(s, { who, user, operator: true });
    await assert.rejects(disablePerson(s, { who: { ...who, operator: false }, user }), refusal("PERSON_ELSEWHERE"));
    await setOperator(s, { who, user, operator: false });
  });
});

describe("a lost password", () => {
  before(async () => {
    await fresh();
    await firstRun(s);
  });
  const links = async () => {
    const rows = await s.db.select().from(outbox).where(eq(outbox.kind, "reset")).orderBy(outbox.id);
    return rows.map(({ id, payload }) => {
      const plain = open(s.keys, { table: "outbox", row: id, column: "payload" }, payload ?? Buffer.alloc(0));
      return String(JSON.parse(plain.toString()).facts.link);
    });
  };

  test("asking is answered alike for whoever it is, three mails an hour at most", async () => {
    for (const email of ["nessuno@esempio.it", "non un indirizzo", GIULIA, GIULIA, GIULIA, GIULIA, "GIULIA@esempio.it"])
      assert.equal(await requestReset(s, { email, network: "203.0.113.1" }), undefined);
    assert.equal((await links()).length, 3);
  });

  test("the link of the newest mail works for 10 minutes, once, and ends every session", async () => {
    const before = await signIn(s, { email: GIULIA, password: PASSWORD });
    const [first, , last] = (await links()).map(tokenOf);
    assert.equal(await showReset(s, { token: first ?? "" }), undefined);
    assert.deepEqual(await showReset(s, { token: last ?? "" }), { maskedEmail: "g•••@esempio.it" });
    await d.moveClock(9 * 60_000);
    const reference = await resetPassword(s, { token: last ?? "", password: OTHER });
    assert.equal(await findSession(s.db, before), undefined);
    assert.ok(await findSession(s.db, reference));
    await assert.rejects(resetPassword(s, { token: last ?? "", password: OTHER }), refusal("LINK_GONE"));
    await assert.rejects(signIn(s, { email: GIULIA, password: PASSWORD }), refusal("WRONG_CREDENTIALS"));
    const late = tokenOf(await createResetLink(s, { email: GIULIA }));
    await d.moveClock(10 * 60_000 + 1);
    await assert.rejects(resetPassword(s, { token: late, password: PASSWORD }), refusal("LINK_GONE"));
  });

  test("who changes her own password stays signed in here and nowhere else", async () => {
    await d.owner.pool.query("delete from attempts");
    const [here, there] = [
      await signIn(s, { email: GIULIA, password: OTHER }),
      await signIn(s, { email: GIULIA, password: OTHER }),
    ];
    const { who, id: session } = await sessionOf(s, here);
    await assert.rejects(
      changePassword(s, { who, session, current: PASSWORD, password: PASSWORD }),
      refusal("WRONG_PASSWORD"),
    );
    await changePassword(s, { who, session, current: OTHER, password: PASSWORD });
    assert.ok(await findSession(s.db, here));
    assert.equal(await findSession(s.db, there), undefined);
    await signIn(s, { email: GIULIA, password: PASSWORD });
  });
});

async function userOf(email: string): Promise<string> {
  const [user] = await s.db.select({ id: users.id }).from(users).where(eq(users.email, email));
  return user?.id ?? "";
}
