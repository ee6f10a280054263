import assert from "node:assert/strict";
import { createCipheriv, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { type App, startApp } from "../support/app.ts";
import { formOf, Visitor } from "../support/visitor.ts";

const PASSWORD = "quattro parole messe a caso";
const GIULIA = "giulia@esempio.it";

let app: App;
const closers: (() => Promise<void>)[] = [];
before(async () => {
  app = await startApp({ after: (work) => void closers.push(work) });
});
after(async () => {
  for (const close of closers) await close();
});

const pathOf = (link: string) => new URL(link).pathname;
const sessionName = () => `session-${new URL(app.url).port}`;
const signIn = (who: Visitor, email: string, password: string) =>
  who.submit("/sign-in", "sign-in", { email, password });

describe("the first run, without script", () => {
  const visitor = new Visitor("http://127.0.0.1");
  before(() => Object.assign(visitor, { base: app.url, origin: app.url }));

  test("nobody has set up: every page leads to a sign-in that says so", async () => {
    for (const path of ["/", "/people", "/installation", "/campaigns", "/try", "/setup/organization"]) {
      const { path: at, html } = await new Visitor(app.url).open(path);
      assert.equal(at, "/sign-in", path);
      assert.ok(html.includes("npx assenso setup-link"), path);
    }
  });

  test("a link that is not ours explains itself, 404", async () => {
    for (const token of [
      "x",
      "v1.k1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA",
      `${app.setUpLink.slice(app.setUpLink.lastIndexOf("/") + 1)}x`,
    ]) {
      const { status, html } = await visitor.open(`/s/${token}`);
      assert.equal(status, 404);
      assert.ok(html.includes("npx assenso setup-link"), token);
    }
  });

  test("opening the link a hundred times uses nothing up; a fault gives back what was typed, but no password", async () => {
    for (let i = 0; i < 100; i++) await visitor.send(pathOf(app.setUpLink), { method: i % 2 ? "GET" : "HEAD" });
    const values = { name: "Giulia Bianchi", email: GIULIA, password: "corta corta" };
    const page = await (await visitor.submit(pathOf(app.setUpLink), "you", values)).text();
    assert.ok(page.includes("Almeno 12 caratteri"));
    assert.ok(page.includes('value="Giulia Bianchi"'));
    assert.ok(!page.includes("corta corta"));
  });

  test("three pages, and the link is used up", async () => {
    const you = { name: "Giulia Bianchi", email: GIULIA, password: PASSWORD };
    const first = await visitor.submit(pathOf(app.setUpLink), "you", you);
    assert.equal(first.headers.get("location"), "/setup/organization");
    assert.match(visitor.told.get(sessionName()) ?? "", /Path=\/;.*HttpOnly; SameSite=lax/i);
    assert.equal((await new Visitor(app.url).open(pathOf(app.setUpLink))).status, 404);
    assert.equal((await visitor.open("/")).path, "/setup/organization");
    const who = { legalName: "Libreria Esempio s.r.l.", address: "via Roma 1, 50122 Firenze", taxId: "01234567890" };
    const second = await visitor.submit("/setup/organization", "who", who);
    assert.equal(second.headers.get("location"), "/setup/list");
    const list = { name: "Novità", topics: "novità in libreria", frequency: "una volta al mese" };
    assert.equal((await visitor.submit("/setup/list", "first-list", list)).headers.get("location"), "/try");
    const { html } = await visitor.open("/try");
    assert.ok(/action="\/f\/[0-9a-f-]{36}"/.test(html));
  });
});

describe("signing in (B76, B78)", () => {
  test("an unknown address and a wrong password are one answer", async () => {
    const page = async (email: string) => {
      const response = await signIn(new Visitor(app.url), email, "tutt'altre parole ancora");
      const html = await response.text();
      const shown = /role="alert"[\s\S]*?<\/div>/.exec(html)?.[0].replaceAll(/id="[^"]*"/g, "");
      return { status: response.status, cookies: response.headers.getSetCookie(), shown };
    };
    const [known, unknown] = [await page(GIULIA), await page("nessuno@esempio.it")];
    assert.deepEqual(known, unknown);
    assert.match(known.shown ?? "", /non corrispondono/);
  });

  test("the cookie holds a token that says nothing, and each sign-in has its own", async () => {
    const [one, two] = [new Visitor(app.url), new Visitor(app.url)];
    for (const visitor of [one, two])
      assert.equal((await signIn(visitor, GIULIA, PASSWORD)).headers.get("location"), "/");
    const [first = "", second = ""] = [one, two].map((visitor) => visitor.cookies.get(sessionName()));
    assert.notEqual(first, second);
    // A JWE with a direct key: header, no key, nonce, text, tag.
    assert.equal(first.split(".").length, 5);
    assert.ok(
      !Buffer.from(first.split(".")[3] ?? "", "base64url")
        .toString()
        .includes(GIULIA),
    );
    assert.equal((await one.open("/")).status, 200);
  });

  test("signed in, the sign-in page leads on", async () => {
    const visitor = new Visitor(app.url);
    await signIn(visitor, GIULIA, PASSWORD);
    assert.equal((await visitor.open("/sign-in")).path, "/");
  });

  test("many tries from one network are slowed down (B77)", async () => {
    let slowed = 0;
    for (let i = 0; i < 12; i++) {
      const html = await (await signIn(new Visitor(app.url), "vittima@esempio.it", "una password sbagliata")).text();
      if (/Troppi tentativi/.test(html)) slowed++;
    }
    assert.ok(slowed >= 5, `${slowed}`);
    await app.d.owner.pool.query("delete from attempts");
  });
});

describe("what is no token of ours is nobody (B84)", () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const sealed = () => {
    const [key, iv] = [randomBytes(32), randomBytes(12)];
    const head = encode({ alg: "dir", enc: "A256GCM" });
    const cipher = createCipheriv("aes-256-gcm", key, iv);
    cipher.setAAD(Buffer.from(head));
    const text = Buffer.concat([cipher.update(JSON.stringify({ sid: "A".repeat(22) })), cipher.final()]);
    return [
      head,
      "",
      iv.toString("base64url"),
      text.toString("base64url"),
      cipher.getAuthTag().toString("base64url"),
    ].join(".");
  };
  for (const [what, token] of Object.entries({
    garbage: "x",
    "alg none": `${encode({ alg: "none" })}.${encode({ sid: "A".repeat(22) })}.`,
    "a signed one": `${encode({ alg: "HS256" })}.${encode({ sid: "A".repeat(22) })}.${randomBytes(32).toString("base64url")}`,
    "another key": sealed(),
    "a bare reference": randomBytes(16).toString("base64url"),
    "4 KB": "A".repeat(4000),
    "no UTF-8": "%ff%fe",
  })) {
    test(`${what} leads to the sign-in`, async () => {
      for (const path of ["/", "/people", "/api/auth/session"]) {
        const response = await fetch(app.url + path, {
          redirect: "manual",
          headers: { cookie: `${sessionName()}=${token}` },
        });
        assert.ok([200, 303, 307].includes(response.status), `${path}: ${response.status}`);
        if (path.startsWith("/api")) assert.deepEqual(await response.json(), {});
        else assert.ok((response.headers.get("location") ?? (await response.text())).includes("sign-in"), path);
      }
    });
  }
  test("one changed letter is enough", async () => {
    const visitor = new Visitor(app.url);
    await signIn(visitor, GIULIA, PASSWORD);
    const token = visitor.cookies.get(sessionName()) ?? "";
    const at = token.lastIndexOf(".") - 5;
    visitor.cookies.set(sessionName(), token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1));
    assert.equal((await visitor.open("/")).path, "/sign-in");
  });
  test("a malformed Authorization header hurts nobody", async () => {
    for (const value of ["Bearer", "Bearer ", "Bearer a.b", "Basic %%%", `Bearer ${"A".repeat(5000)}`])
      assert.ok(
        (await fetch(`${app.url}/api/auth/session`, { headers: { authorization: value } })).status < 500,
        value.slice(0, 20),
      );
  });
});

describe("next-auth's own routes", () => {
  const json = async (response: Response) => (await response.json()) as Record<string, string>;
  test("credentials: 401 when wrong, a session of ours when right, which says only when it ends", async () => {
    const visitor = new Visitor(app.url);
    const post = async (password: string) => {
      const { csrfToken = "" } = await json(await visitor.send("/api/auth/csrf"));
      const body = new URLSearchParams({ csrfToken, email: GIULIA, password, json: "true" }).toString();
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return visitor.send("/api/auth/callback/credentials", { body, headers });
    };
    assert.equal((await post("un'altra password ancora")).status, 401);
    assert.equal(visitor.cookies.has(sessionName()), false);
    assert.equal((await post(PASSWORD)).status, 200);
    assert.equal((await visitor.open("/")).status, 200);
    const session = await json(await visitor.send("/api/auth/session"));
    assert.deepEqual(Object.keys(session), ["expires"]);
    const hours = (Date.parse(session.expires ?? "") - Date.now()) / 3_600_000;
    assert.ok(hours > 11.9 && hours <= 12.01, `${hours} hours`);
    const token = visitor.cookies.get(sessionName()) ?? "";
    const { csrfToken = "" } = await json(await visitor.send("/api/auth/csrf"));
    const body = new URLSearchParams({ csrfToken, json: "true" }).toString();
    await visitor.send("/api/auth/signout", { body, headers: { "content-type": "application/x-www-form-urlencoded" } });
    visitor.cookies.set(sessionName(), token);
    assert.equal((await visitor.open("/")).path, "/sign-in", "the old token is worth nothing");
  });
  test("a wrong csrf token signs nobody in", async () => {
    const visitor = new Visitor(app.url);
    await visitor.send("/api/auth/csrf");
    const body = new URLSearchParams({ csrfToken: "x", email: GIULIA, password: PASSWORD, json: "true" }).toString();
    await visitor.send("/api/auth/callback/credentials", {
      body,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    assert.equal(visitor.cookies.has(sessionName()), false);
  });
});

describe("a lost password and an invitation, by mail", () => {
  test("asking for a link is answered alike for whoever it is", async () => {
    const page = async (email: string) =>
      (await (await new Visitor(app.url).submit("/lost-password", "lost", { email })).text()).match(
        /Se a questo[^<]*/,
      )?.[0];
    const [known, unknown] = [await page(GIULIA), await page("nessuno@esempio.it")];
    assert.ok(known);
    assert.equal(known, unknown);
  });
  test("a link that is used up or mistyped says what to do, 404", async () => {
    for (const path of ["/r/x", "/i/x"]) assert.equal((await new Visitor(app.url).open(path)).status, 404);
  });
  test("an invitation made by link lets its bearer in, once", async () => {
    const owner = new Visitor(app.url);
    await signIn(owner, GIULIA, PASSWORD);
    const made = await owner.submit("/people/invite", "invite", {
      email: "luca@esempio.it",
      "roles[]": ["marketing"],
      by: "link",
    });
    const link = /value="(http[^"]*\/i\/[^"]*)"/.exec(await made.text())?.[1] ?? "";
    const luca = new Visitor(app.url);
    assert.ok((await luca.open(pathOf(link))).html.includes("Libreria Esempio"));
    const taken = await luca.submit(pathOf(link), "invitation", { name: "Luca Verdi", password: PASSWORD });
    assert.equal(taken.headers.get("location"), "/");
    assert.equal((await luca.open("/people")).status, 403, "marketing does not see people");
    assert.equal((await luca.open("/installation")).status, 403);
    assert.equal((await luca.open(pathOf(link))).status, 404);
    assert.ok(formOf((await luca.open("/profile")).html, "profile"));
  });
});

test("served over https, the cookie is a __Host- one and the browser is told to stay with https", async (t) => {
  const origin = "https://staff.example.it";
  const secure = await startApp(t, { settings: { APP_URL: origin } });
  const visitor = new Visitor(secure.url, origin);
  const you = { name: "Giulia Bianchi", email: GIULIA, password: PASSWORD };
  const response = await visitor.submit(pathOf(secure.setUpLink), "you", you);
  assert.equal(response.headers.get("location"), "/setup/organization");
  assert.match(visitor.told.get("__Host-session") ?? "", /; Path=\/;.*; Secure; HttpOnly; SameSite=lax$/i);
  assert.doesNotMatch(visitor.told.get("__Host-session") ?? "", /domain=/i);
  assert.match(response.headers.get("strict-transport-security") ?? "", /max-age=63072000/);
  assert.equal((await visitor.open("/")).path, "/setup/organization");
  const csrf = (await visitor.send("/api/auth/csrf")).headers.getSetCookie().join();
  assert.match(csrf, /__Host-next-auth\.csrf-token=.*Secure/);
});
