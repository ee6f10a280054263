import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join as path } from "node:path";
import { after, before, describe, test } from "node:test";
import { type App, startApp } from "../support/app.ts";
import { filled, formOf, Visitor } from "../support/visitor.ts";

const PASSWORD = "quattro parole messe a caso";
const APP = path(import.meta.dirname, "../../app");

let app: App;
let owner: Visitor;
const closers: (() => Promise<void>)[] = [];
before(async () => {
  app = await startApp({ after: (work) => void closers.push(work) });
  owner = new Visitor(app.url);
  const you = { name: "Giulia Bianchi", email: "giulia@esempio.it", password: PASSWORD };
  await owner.submit(new URL(app.setUpLink).pathname, "you", you);
  const who = { legalName: "Libreria Esempio", address: "via Roma 1, Firenze", taxId: "01234567890" };
  await owner.submit("/setup/organization", "who", who);
});
after(async () => {
  for (const close of closers) await close();
});

const FOREIGN: Record<string, Record<string, string>> = {
  "another site": { origin: "https://evil.example" },
  "a site whose name begins like ours": { origin: "http://127.0.0.1.evil.example" },
  "a sandboxed frame": { origin: "null" },
  "another site by its own word": { "sec-fetch-site": "cross-site" },
  "another port": { origin: "http://127.0.0.1:1" },
};

/** Route handlers of staff (not those that people reach with a link) that export a method which changes something. */
function mutatingRoutes(): string[] {
  return readdirSync(APP, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)route\.tsx?$/.test(name) && !/^([fcumvapl]|api\/auth)\//.test(name))
    .filter((name) =>
      /export (const|async function|function) (POST|PUT|PATCH|DELETE)\b/.test(readFileSync(path(APP, name), "utf8")),
    )
    .map(
      (name) =>
        `/${name
          .replace(/\/?route\.tsx?$/, "")
          .replaceAll(/\([^)]*\)\/?/g, "")
          .replaceAll(/\[[^\]]*\]/g, "01a20de3-c300-7401-bd63-2e80265dfde3")}`,
    );
}

describe("what another site sends with a signed-in browser's cookies changes nothing (B79)", () => {
  for (const [who, headers] of Object.entries(FOREIGN)) {
    test(`an action, sent by ${who}`, async () => {
      const response = await owner.submit(
        "/profile",
        "profile",
        { name: "Preso", locale: "en", theme: "dark", density: "compact" },
        headers,
      );
      assert.equal(response.status, 403);
      assert.ok((await owner.open("/profile")).html.includes('value="Giulia Bianchi"'));
    });
  }
  test("an action without an Origin, with and without a cookie", async () => {
    const { rows } = await app.d.owner.pool.query("select count(*)::int as n from sessions");
    for (const visitor of [owner, new Visitor(app.url)]) {
      const html = (await visitor.open(visitor === owner ? "/profile" : "/sign-in")).html;
      const hidden = [...html.matchAll(/<input type="hidden" name="(\$ACTION[^"]*)"(?: value="([^"]*)")?/g)];
      const body = new FormData();
      for (const [, name = "", value = ""] of hidden) body.append(name, value.replaceAll("&quot;", '"'));
      for (const [name, value] of Object.entries({ email: "giulia@esempio.it", password: PASSWORD }))
        body.append(name, value);
      const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(`${app.url}/sign-in`, {
        method: "POST",
        body,
        redirect: "manual",
        headers: cookie ? { cookie } : {},
      });
      assert.deepEqual(response.headers.getSetCookie(), []);
      assert.notEqual(response.headers.get("location"), "/");
    }
    assert.deepEqual((await app.d.owner.pool.query("select count(*)::int as n from sessions")).rows, rows);
  });

  test("every route of staff that changes something, by method and sender", async () => {
    const routes = mutatingRoutes();
    assert.ok(routes.length > 0);
    for (const route of routes) {
      for (const headers of Object.values(FOREIGN)) {
        const response = await owner.send(route, {
          body: "{}",
          headers: { "content-type": "application/json", ...headers },
        });
        assert.equal(response.status, 403, `${route} ${JSON.stringify(headers)}`);
      }
      const machine = await fetch(app.url + route, {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json" },
      });
      assert.ok([401, 403, 404, 405].includes(machine.status), `${route} without cookie and origin: ${machine.status}`);
      const plain = await owner.send(route, { body: "{}", headers: { "content-type": "text/plain" } });
      assert.ok(plain.status >= 400 && plain.status < 500, `${route} as text: ${plain.status}`);
    }
  });

  test("a method in a header or a field is not believed", async () => {
    const response = await owner.send("/profile", {
      body: "_method=DELETE",
      headers: { "content-type": "application/x-www-form-urlencoded", "x-http-method-override": "DELETE" },
    });
    assert.ok(response.status < 500);
  });
});

describe("keys that a form does not have are refused (B82)", () => {
  const profile = { name: "Preso", locale: "it", theme: "auto", density: "comfortable" };
  for (const key of ["operator", "role", "id", "user[operator]", "__proto__", "constructor.prototype", "disabledAt"]) {
    test(`${key} in the profile`, async () => {
      const body = filled(formOf((await owner.open("/profile")).html, "profile"), profile);
      body.append(key, "true");
      assert.ok(/un campo che non conosciamo/.test(await (await owner.send("/profile", { body })).text()));
      assert.ok((await owner.open("/profile")).html.includes('value="Giulia Bianchi"'));
    });
  }
  test("a field that comes twice", async () => {
    const response = await owner.submit("/profile", "profile", { ...profile, locale: ["it", "en"] });
    assert.ok(/un campo che non conosciamo/.test(await response.text()));
    assert.ok((await owner.open("/profile")).html.includes('value="Giulia Bianchi"'));
  });
});

test("what no zone, number and language is, is told under its field, and changes nothing (B94)", async () => {
  for (const [name, value] of [
    ["timeZone", "Etc/../../x"],
    ["consentMonths", "275761"],
    ["locale", "../en"],
    ["tone", "voi"],
  ] as const) {
    const response = await owner.submit("/organization", "identity", { [name]: value });
    assert.ok(/role="alert"/.test(await response.text()), name);
  }
  const { rows } = await app.d.owner.pool.query("select time_zone, consent_months, locale, tone from organizations");
  assert.deepEqual(rows, [{ time_zone: "Europe/Rome", consent_months: 24, locale: "it", tone: "tu" }]);
});

test("pages of staff are kept by nobody, framed by nobody, and say nothing of what made them", async () => {
  for (const page of ["/", "/people", "/profile", "/sign-in", "/installation", "/no/such/page"]) {
    const { headers } = await owner.send(page);
    assert.match(headers.get("cache-control") ?? "", /no-store/, page);
    assert.match(
      headers.get("content-security-policy") ?? "",
      /script-src 'nonce-[^']+' 'strict-dynamic'.*frame-ancestors 'none'/,
      page,
    );
    assert.equal(headers.get("x-powered-by"), null);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  }
});
