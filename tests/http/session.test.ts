import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eq } from "drizzle-orm";
import { users } from "../../db/schema/users.ts";
import { disablePerson } from "../../lib/users/disable.ts";
import { enablePerson } from "../../lib/users/enable.ts";
import { setRoles } from "../../lib/users/set-roles.ts";
import { type App, startApp } from "../support/app.ts";
import { type TestServices, testServices } from "../support/services.ts";
import { firstRun, join, PASSWORD } from "../support/staff.ts";
import { Visitor } from "../support/visitor.ts";

let app: App;
let s: TestServices;
let owner: Awaited<ReturnType<typeof firstRun>>;
const closers: (() => Promise<void>)[] = [];
before(async () => {
  app = await startApp({ after: (work) => void closers.push(work) });
  // The row `installation` is there already: these services join the application's database with its keys.
  s = { ...(await testServices(app.d, { like: await likeApp() })), keys: app.keys };
  owner = await firstRun(s);
  await join(s, owner.who, "luca@esempio.it", "marketing");
});
after(async () => {
  for (const close of closers) await close();
});

/** A stand-in that lends its folder and nothing else. */
async function likeApp(): Promise<TestServices> {
  const { readFileSync } = await import("node:fs");
  const keyRingJson = readFileSync(`${app.home}/keys.json`, "utf8");
  return { journalFolder: `${app.home}/journal`, keyRingJson } as TestServices;
}

const name = () => `session-${new URL(app.url).port}`;
async function signedIn(email: string): Promise<Visitor> {
  const visitor = new Visitor(app.url);
  const response = await visitor.submit("/sign-in", "sign-in", { email, password: PASSWORD });
  assert.equal(response.headers.get("location"), "/");
  return visitor;
}
const isIn = async (visitor: Visitor) => (await visitor.open("/profile")).path === "/profile";
const idOf = async (email: string) =>
  (await s.db.select({ id: users.id }).from(users).where(eq(users.email, email)))[0]?.id ?? "";

describe("sessions end when they must, at the next request (B78)", () => {
  test("a cookie brought along is replaced, and was worth nothing", async () => {
    const victim = await signedIn("luca@esempio.it");
    const planted = victim.cookies.get(name()) ?? "";
    const visitor = new Visitor(app.url);
    visitor.cookies.set(name(), "planted-before-the-sign-in");
    await visitor.submit("/sign-in", "sign-in", { email: "luca@esempio.it", password: PASSWORD });
    assert.notEqual(visitor.cookies.get(name()), planted);
    assert.ok(await isIn(visitor));
    assert.ok(await isIn(victim), "two browsers at once are two sessions");
  });

  test("signing out ends it in the table, not in this browser alone", async () => {
    const visitor = await signedIn("luca@esempio.it");
    const token = visitor.cookies.get(name()) ?? "";
    const { html } = await visitor.open("/profile");
    const form = /<form\b(?:(?!<\/form>)[\s\S])*?Esci[\s\S]*?<\/form>/.exec(html)?.[0] ?? "";
    const body = new FormData();
    for (const [, hidden = ""] of form.matchAll(/<input type="hidden"([^>]*)>/g))
      body.append(/name="([^"]*)"/.exec(hidden)?.[1] ?? "", /value="([^"]*)"/.exec(hidden)?.[1] ?? "");
    const response = await visitor.send("/profile", { body });
    assert.equal(response.headers.get("location"), "/sign-in");
    assert.equal(visitor.cookies.has(name()), false);
    visitor.cookies.set(name(), token);
    assert.equal(await isIn(visitor), false);
  });

  test("a change of role, disabling, and a change of password elsewhere", async () => {
    const user = await idOf("luca@esempio.it");
    const visitor = await signedIn("luca@esempio.it");
    await setRoles(s, { who: owner.who, user, roles: ["compliance"] });
    assert.equal(await isIn(visitor), false, "role");
    const again = await signedIn("luca@esempio.it");
    await disablePerson(s, { who: owner.who, user });
    assert.equal(await isIn(again), false, "disabled");
    await enablePerson(s, { who: owner.who, user });
    const [here, there] = [await signedIn("luca@esempio.it"), await signedIn("luca@esempio.it")];
    const change = { currentPassword: PASSWORD, password: "parole nuove di zecca oggi" };
    assert.ok(/Password cambiata/.test(await (await here.submit("/profile", "password", change)).text()));
    assert.ok(await isIn(here));
    assert.equal(await isIn(there), false, "password");
  });

  test("30 minutes without a request", async () => {
    const visitor = await signedIn("giulia@esempio.it");
    await app.d.moveClock(31 * 60_000);
    assert.equal(await isIn(visitor), false);
  });

  test("without a role in any organization a person is told so", async () => {
    const { who } = await join(s, owner.who, "mara@esempio.it", "auditor");
    await setRoles(s, { who: owner.who, user: who.user, roles: [] });
    const visitor = await signedIn("mara@esempio.it");
    assert.equal((await visitor.open("/")).path, "/no-organization");
    assert.equal((await visitor.open("/contacts")).path, "/no-organization");
  });
});

test("the profile's language, theme and density are on the next page", async () => {
  const visitor = await signedIn("giulia@esempio.it");
  const values = { name: "Giulia Bianchi", locale: "en", theme: "dark", density: "compact" };
  assert.ok(/Saved\./.test(await (await visitor.submit("/profile", "profile", values)).text()));
  const { html } = await visitor.open("/profile");
  assert.ok(html.includes('<html lang="en" data-theme="dark" data-density="compact"'));
});
