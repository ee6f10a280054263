import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eq } from "drizzle-orm";
import { ledgerRecords } from "../../db/schema/consent.ts";
import { outbox } from "../../db/schema/servers.ts";
import { users } from "../../db/schema/users.ts";
import { open } from "../../lib/crypto/sealed.ts";
import { acceptInvitation, showInvitation } from "../../lib/users/accept-invitation.ts";
import { disablePerson } from "../../lib/users/disable.ts";
import { enablePerson } from "../../lib/users/enable.ts";
import { findSession } from "../../lib/users/find-session.ts";
import { invite } from "../../lib/users/invite.ts";
import { listPeople } from "../../lib/users/list-people.ts";
import { setOperator } from "../../lib/users/operators.ts";
import { setRoles } from "../../lib/users/set-roles.ts";
import { signIn } from "../../lib/users/sign-in.ts";
import { withdrawInvitation } from "../../lib/users/withdraw-invitation.ts";
import type { TestDatabase } from "../support/database.ts";
import type { TestServices } from "../support/services.ts";
import { firstRun, GIULIA, join, OTHER, PASSWORD, refusal, sessionOf, staffHouses, tokenOf } from "../support/staff.ts";

let d: TestDatabase;
let s: TestServices;
const next = staffHouses(after);
const fresh = async () => {
  ({ d, s } = await next());
};

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

async function userOf(email: string): Promise<string> {
  const [user] = await s.db.select({ id: users.id }).from(users).where(eq(users.email, email));
  return user?.id ?? "";
}
