import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eq } from "drizzle-orm";
import { outbox } from "../../db/schema/servers.ts";
import { users, userTokens } from "../../db/schema/users.ts";
import { makeLink } from "../../lib/crypto/links.ts";
import { open } from "../../lib/crypto/sealed.ts";
import { showInvitation } from "../../lib/users/accept-invitation.ts";
import { changePassword } from "../../lib/users/change-password.ts";
import { findSession } from "../../lib/users/find-session.ts";
import { requestReset } from "../../lib/users/request-reset.ts";
import { createResetLink, resetPassword, showReset } from "../../lib/users/reset-password.ts";
import { setUpFirstUser } from "../../lib/users/set-up.ts";
import { createSetupLink } from "../../lib/users/setup-link.ts";
import { signIn } from "../../lib/users/sign-in.ts";
import type { TestDatabase } from "../support/database.ts";
import type { TestServices } from "../support/services.ts";
import { firstRun, GIULIA, OTHER, PASSWORD, refusal, sessionOf, staffHouses, tokenOf } from "../support/staff.ts";

let d: TestDatabase;
let s: TestServices;
const next = staffHouses(after);
const fresh = async () => {
  ({ d, s } = await next());
};

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
