import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { describe, test } from "node:test";
import proxyaddr from "proxy-addr";
import { clientIp, inspect, type Rules } from "./hygiene.ts";

const APP = "https://staff.example.it";
const nobody = { appUrl: APP, trusts: proxyaddr.compile([]) };
const proxied = { appUrl: APP, trusts: proxyaddr.compile(["loopback", "10.0.0.0/8"]) };

const ask = (
  method: string,
  url: string,
  headers: IncomingHttpHeaders = {},
  rules: Rules = nobody,
  peer = "198.51.100.7",
) => inspect({ method, url, headers, peer }, rules);
const status = (...args: Parameters<typeof ask>) => {
  const found = ask(...args);
  return "refused" in found ? found.refused.status : 200;
};
const headersOf = (...args: Parameters<typeof ask>) => {
  const found = ask(...args);
  assert.ok("passed" in found);
  return found.passed.headers;
};

describe("malformed addresses (B93)", () => {
  for (const url of [
    "/u/%E0%A4%A",
    "/u/%ff",
    "/u/%",
    "/u/%c0%ae",
    "/u/%00",
    "/u/x%0a",
    "/u/x%c2%85",
    "//u/x",
    "/u//x",
    "/u/%2f%2fx",
    "/f\\x",
    "/f/%5cx",
  ]) {
    test(`${url} is 400, asked for or posted to`, () => {
      assert.equal(status("GET", url), 400);
      assert.equal(status("POST", url), 400);
    });
  }
  for (const url of ["http://evil.example/u/x", "*", "", "/a/../b", "/%2e%2e/", "/..", "/x?a=%00", "/x\ny", "/è"]) {
    test(`${JSON.stringify(url)} is 400`, () => assert.equal(status("GET", url), 400));
  }
  test("an address of 9,000 characters is 414 (B85)", () => assert.equal(status("GET", `/x?${"a".repeat(9000)}`), 414));
  for (const url of [
    "/",
    "/u/v1.k1.abc.def",
    "/lists?q=100%25&a[]=1&list=1&list=2",
    "/contacts?q=%0A",
    "/f/caff%C3%A8",
    "/x?utm=100%",
  ]) {
    test(`${url} is well formed`, () => assert.equal(status("GET", url), 200));
  }
});

describe("methods (B85)", () => {
  for (const method of ["TRACE", "PROPFIND", "OPTIONS", "CONNECT", ""]) {
    test(`${method || "none"} is 405 everywhere`, () => {
      for (const url of ["/", "/u/x", "/api/v1/lists", "/healthz"]) assert.equal(status(method, url), 405, url);
    });
  }
  test("pages take GET, HEAD and POST alone", () => {
    for (const method of ["PUT", "PATCH", "DELETE"])
      for (const url of ["/lists", "/u/x"]) assert.equal(status(method, url), 405);
    assert.equal(status("POST", "/_next/static/x.js"), 405);
    assert.equal(status("DELETE", "/api/v1/lists/1"), 200);
  });
});

describe("headers that only we may set (B80)", () => {
  const dirty = {
    "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "http",
    forwarded: "for=1.2.3.4",
    "x-original-url": "/installation",
    "x-rewrite-url": "/installation",
    "x-http-method-override": "DELETE",
    "x-nonce": "abc",
    "x-nextjs-data": "1",
    "next-resume": "1",
    "content-security-policy": "script-src 'nonce-abc'",
    "x-client-ip-from": "proxy",
    "x-invoke-path": "/installation",
    "x-matched-path": "/installation",
  };
  test("are dropped on every route", () => {
    for (const url of ["/lists", "/u/x", "/api/v1/lists"]) {
      assert.deepEqual(headersOf("GET", url, { ...dirty, accept: "text/html" }), {
        accept: "text/html",
        "x-client-ip": "198.51.100.7",
        "x-client-ip-from": "socket",
      });
    }
  });
  test("those of Next's own client reach signed-in pages alone", () => {
    const client = {
      rsc: "1",
      "next-router-state-tree": "x",
      "next-router-prefetch": "1",
      "next-action": "abc",
      "next-url": "/x",
    };
    assert.equal(headersOf("GET", "/lists", client).rsc, "1");
    for (const url of ["/u/x", "/%75/x", "/c/x", "/api/v1/x"]) {
      assert.deepEqual(Object.keys(headersOf("GET", url, client)), ["x-client-ip", "x-client-ip-from"], url);
    }
  });
  test("Next's fragments, data and image routes do not exist", () => {
    for (const url of [
      "/lists.rsc",
      "/u/x.rsc",
      "/lists.segments/_tree.segment.rsc",
      "/_next/data/b/lists.json",
      "/_next/image?url=http://127.0.0.1",
    ]) {
      assert.equal(status("GET", url), 404, url);
    }
  });
});

describe("requests from other sites (B79)", () => {
  const cookie = "__Host-session=x";
  for (const url of ["/lists", "/api/v1/lists", "/api/auth/signout"]) {
    test(`${url}: only our own pages change anything`, () => {
      assert.equal(status("POST", url, { cookie, origin: APP }), 200);
      for (const origin of [
        "https://evil.example",
        "null",
        `${APP}.evil.example`,
        "http://staff.example.it",
        `${APP}:8443`,
      ]) {
        assert.equal(status("POST", url, { cookie, origin }), 403, origin);
        assert.equal(status("POST", url, { origin }), 403, origin);
      }
      assert.equal(status("POST", url, { cookie }), 403, "a cookie without an origin");
      assert.equal(status("POST", url, { cookie, origin: APP, "sec-fetch-site": "cross-site" }), 403);
    });
  }
  test("a foreign origin is refused whatever Host says", () => {
    assert.equal(status("POST", "/lists", { cookie, origin: "https://evil.example", host: "evil.example" }), 403);
  });
  test("a machine without cookie and origin may use the API", () =>
    assert.equal(status("POST", "/api/v1/lists", {}), 200));
  test("anybody may post to a form and to a leave link: the mail client has no origin", () => {
    for (const origin of [undefined, "null", "https://mail.example"]) {
      assert.equal(status("POST", "/u/x", origin ? { origin } : {}), 200);
      assert.equal(status("POST", "/f/x", origin ? { origin } : {}), 200);
    }
  });
  test("localhost and 127.0.0.1 are one machine when APP_URL says either", () => {
    const local = { ...nobody, appUrl: "http://localhost:3000" };
    assert.equal(status("POST", "/lists", { origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" }, local), 200);
    assert.equal(status("POST", "/lists", { origin: "http://127.0.0.1:4000", host: "127.0.0.1:4000" }, local), 403);
    assert.equal(
      status("POST", "/lists", { origin: "http://evil.example:3000", host: "evil.example:3000" }, local),
      403,
    );
  });
  test("Next sees the host that the origin names, whatever a proxy made of it", () => {
    assert.equal(headersOf("POST", "/lists", { origin: APP, host: "web:3000" }).host, "staff.example.it");
  });
});

test("of next-auth's routes only those that are used exist", () => {
  assert.equal(status("GET", "/api/auth/csrf"), 200);
  assert.equal(status("POST", "/api/auth/callback/credentials", { origin: APP }), 200);
  for (const url of [
    "/api/auth/signin",
    "/api/auth/providers",
    "/api/auth/callback/x",
    "/api/auth",
    "/api/auth/signout",
    "/api/auth%2fsignin",
  ]) {
    assert.equal(status("GET", url), 404, url);
  }
});

describe("who asks (B86, AT-13)", () => {
  const ip = (peer: string, forwarded: string | undefined, rules: Rules) =>
    clientIp({ peer, headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded } }, rules);
  test("X-Forwarded-For of an untrusted peer is ignored", () => {
    assert.deepEqual(ip("198.51.100.7", "1.2.3.4", proxied), { ip: "198.51.100.7", from: "socket" });
    assert.deepEqual(ip("127.0.0.1", "1.2.3.4", nobody), { ip: "127.0.0.1", from: "socket" });
  });
  test("behind trusted proxies it is the right-most address that none of them has", () => {
    assert.deepEqual(ip("127.0.0.1", "6.6.6.6, 203.0.113.9, 10.1.2.3", proxied), { ip: "203.0.113.9", from: "proxy" });
    assert.deepEqual(ip("::ffff:127.0.0.1", "203.0.113.9", proxied), { ip: "203.0.113.9", from: "proxy" });
  });
  test("an IPv6 address is kept whole", () => {
    assert.equal(ip("2001:DB8:1:2:3:4:5:6", undefined, nobody).ip, "2001:db8:1:2:3:4:5:6");
    assert.equal(ip("10.0.0.1", "2001:db8::5", proxied).ip, "2001:db8::5");
    assert.equal(ip("fe80::1%eth0", undefined, nobody).ip, "fe80::1");
  });
  test("what is no address counts as not said", () => {
    for (const forwarded of ["garbage", "", ",", "203.0.113.9:99999, <script>"]) {
      assert.deepEqual(ip("10.0.0.1", forwarded, proxied), { ip: "10.0.0.1", from: "socket" }, forwarded);
    }
  });
});

test("a page that asks by itself is known as such, whatever the visitor says; who presses a link is a person", () => {
  const tree = (mark: string | null) =>
    encodeURIComponent(JSON.stringify(["", { children: ["x", {}] }, null, mark, 16]));
  const marked = (method: string, url: string, headers: IncomingHttpHeaders) =>
    headersOf(method, url, headers)["x-left-open"];
  assert.equal(marked("GET", "/campaigns/1", { rsc: "1", "next-router-state-tree": tree("refetch") }), "yes");
  assert.equal(marked("GET", "/servers/1/log/stream", { accept: "text/event-stream" }), "yes");
  for (const headers of [
    { rsc: "1", "next-router-state-tree": tree(null) },
    { "next-router-state-tree": "%" },
    { "next-router-state-tree": "null" },
    { accept: "text/html", "x-left-open": "yes" },
    {},
  ])
    assert.equal(marked("GET", "/campaigns/1", headers), undefined, JSON.stringify(headers));
  const post = { origin: APP, "next-router-state-tree": tree("refetch") };
  assert.equal(marked("POST", "/campaigns/1", post), undefined, "a press is a person's");
});
