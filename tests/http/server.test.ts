import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type App, startApp } from "../support/app.ts";

let app: App;
const closers: (() => Promise<void>)[] = [];
before(async () => {
  app = await startApp({ after: (work) => void closers.push(work) });
});
after(async () => {
  for (const close of closers) await close();
});

/** Sends bytes as they are and gives the status of each answer; 0 when the connection was closed without one. */
function raw(text: string, ms = 5000): Promise<number[]> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(new URL(app.url).port), "127.0.0.1", () => socket.write(text));
    const timer = setTimeout(() => socket.destroy(), ms);
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      const found = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => Number(match[1]));
      resolve(found.length > 0 ? found : [0]);
    });
  });
}
const line = (target: string, method = "GET", ...headers: string[]) =>
  [`${method} ${target} HTTP/1.1`, "Host: localhost", "Connection: close", ...headers, "", ""].join("\r\n");

test("the kit is not there unless it is asked for", async () =>
  assert.equal((await fetch(`${app.url}/kit`)).status, 404));

describe("malformed requests end here, never in a 500 (B85, B93)", () => {
  for (const target of [
    "/u/%E0%A4%A",
    "/u/%ff",
    "/u/%",
    "/u/%00",
    "/f/%c0%ae",
    "//u/x",
    "/u/..%2fx",
    "http://evil.example/",
    "/contacts?q=%00",
  ]) {
    test(`${target} is 400`, async () => assert.deepEqual(await raw(line(target)), [400]));
  }
  for (const method of ["TRACE", "PROPFIND", "OPTIONS", "PUT"]) {
    test(`${method} is 405`, async () => assert.deepEqual(await raw(line("/u/x", method)), [405]));
  }
  test("two lengths, a length and chunks, no host: 400", async () => {
    assert.deepEqual(
      await raw("POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
      [400],
    );
    const smuggled =
      "POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n";
    assert.deepEqual(await raw(smuggled), [400]);
    assert.deepEqual(await raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), [400]);
  });
  test("100 KB of headers are 431, an address of 9,000 characters is 414", async () => {
    assert.deepEqual(await raw(line("/", "GET", `X: ${"a".repeat(100_000)}`)), [431]);
    assert.deepEqual(await raw(line(`/?${"a".repeat(9000)}`)), [414]);
  });
});

test("/source hands out what was built, to anybody (AGPL-3.0 §13)", async () => {
  const answer = await fetch(`${app.url}/source`);
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "application/gzip"]);
  assert.match(answer.headers.get("content-disposition") ?? "", /^attachment/);
  assert.equal(answer.headers.get("set-cookie"), null);
  const tar = gunzipSync(Buffer.from(await answer.arrayBuffer()));
  assert.ok(tar.includes("assenso/app/source/route.ts") && tar.includes("GNU AFFERO GENERAL PUBLIC LICENSE"));
});

test("a body of 1.5 MB is refused before it is read (B85)", async () => {
  assert.equal((await fetch(`${app.url}/u/x`, { method: "POST", body: "a".repeat(1_500_000) })).status, 413);
});

describe("what another site sends changes nothing (B79)", () => {
  const post = (headers: Record<string, string>) =>
    fetch(`${app.url}/sign-in`, { method: "POST", body: "a=b", redirect: "manual", headers });
  test("a foreign, `null` or missing Origin is 403", async () => {
    assert.equal((await post({ Origin: "https://evil.example" })).status, 403);
    assert.equal((await post({ Origin: "null" })).status, 403);
    assert.equal((await post({ Cookie: "session=x" })).status, 403);
    assert.equal((await post({ Origin: app.url, "Sec-Fetch-Site": "cross-site" })).status, 403);
  });
});

describe("every answer carries its headers, by route", () => {
  const nothing = /^accelerometer=\(\),/;
  test("a page of subscribers has no script and sends no referrer", async () => {
    const { headers } = await fetch(`${app.url}/u/x`);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /script-src|unsafe/);
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
    assert.match(headers.get("permissions-policy") ?? "", nothing);
    assert.match(headers.get("cache-control") ?? "", /no-store/);
    assert.equal(headers.get("x-powered-by"), null);
    assert.equal(headers.get("server"), null);
    assert.equal(headers.get("set-cookie"), null);
    assert.equal(headers.get("strict-transport-security"), null, "not over http");
  });
  test("an answer that our server gives itself has them too", async () => {
    for (const path of ["/u/%ff", "/healthz", "/_next/image"]) {
      const { headers } = await fetch(app.url + path);
      assert.equal(headers.get("x-content-type-options"), "nosniff", path);
      assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/, path);
    }
  });
});

test("headers of Next's own client turn no answer for subscribers into a redirect (B80)", async () => {
  const plain = await fetch(`${app.url}/u/x`, { method: "POST" });
  for (const headers of [
    { rsc: "1" },
    { "next-action": "abc" },
    { "next-router-prefetch": "1", rsc: "1" },
    { "x-middleware-subrequest": "proxy" },
  ]) {
    const answer = await fetch(`${app.url}/u/x`, {
      method: "POST",
      redirect: "manual",
      headers: headers as Record<string, string>,
    });
    assert.equal(answer.status, plain.status, JSON.stringify(headers));
  }
});

test("half a request is not waited for longer than 20 s, and keeps nobody else waiting", async () => {
  const slow = raw("GET / HTTP/1.1\r\nHost: x\r\nX: ", 40_000);
  assert.equal((await fetch(`${app.url}/healthz`)).status, 200);
  assert.deepEqual(await slow, [408]);
});
