import assert from "node:assert/strict";
import { test } from "node:test";
import { fromOurPages, originOf } from "./origin.ts";
import { sessionCookie } from "./session-cookie.ts";
import { localeOf } from "./translate.ts";

const APP = "https://staff.example.it";
const head = (entries: Record<string, string>) => new Headers(entries);

test("only a request that says it comes from our own pages may change anything (B79)", () => {
  assert.equal(fromOurPages(head({ origin: APP, cookie: "a=b" }), APP), true);
  for (const foreign of [
    {},
    { cookie: "a=b" },
    { origin: "null" },
    { origin: "https://evil.example" },
    { origin: `${APP}.evil.example` },
    { origin: APP, "sec-fetch-site": "cross-site" },
  ])
    assert.equal(fromOurPages(head(foreign), APP), false, JSON.stringify(foreign));
});

test("an IPv6 address counts as its /64 (B86)", () => {
  assert.deepEqual(originOf(head({ "x-client-ip": "2001:db8:1:2:3:4:5:6", "user-agent": "Test/1" })), {
    ...{ ip: "2001:db8:1:2:3:4:5:6", network: "2001:db8:1:2::/64", userAgent: "Test/1" },
  });
  assert.deepEqual(originOf(head({ "x-client-ip": "garbage" })), {});
});

test("the session's cookie is a __Host- one over https, and one for each port over http", () => {
  const { name, options } = sessionCookie({ APP_URL: APP });
  assert.deepEqual(
    [name, options.secure, options.httpOnly, options.sameSite, options.path],
    ["__Host-session", true, true, "lax", "/"],
  );
  assert.equal(sessionCookie({ APP_URL: "http://localhost:3000" }).name, "session-3000");
  assert.equal(sessionCookie({ APP_URL: "http://localhost:3001" }).name, "session-3001");
});

test("a browser's first wish among our languages is met", () => {
  const wishes = {
    "en-GB,en;q=0.9": "en",
    "de,en;q=0.8,it;q=0.7": "en",
    "it-IT": "it",
    "fr,de": "it",
    "": "it",
    "*": "it",
  };
  for (const [asked, answered] of Object.entries(wishes)) assert.equal(localeOf(asked), answered, asked);
  assert.equal(localeOf(null), "it");
});
