import assert from "node:assert/strict";
import { test } from "node:test";
import { securityHeaders } from "./security-headers.ts";

test("what people reach with a link sends no referrer, runs nothing and is kept by nobody", () => {
  const headers = securityHeaders("public", true);
  assert.equal(headers["Referrer-Policy"], "no-referrer");
  assert.equal(headers["Cache-Control"], "no-store");
  assert.match(headers["Content-Security-Policy"] ?? "", /^default-src 'none';.*frame-ancestors 'none'$/);
  assert.doesNotMatch(headers["Content-Security-Policy"] ?? "", /script|unsafe|\*/);
});

test("https is asked for on from then on, and only where it is served", () => {
  assert.equal(securityHeaders("page", true)["Strict-Transport-Security"], "max-age=63072000; includeSubDomains");
  assert.equal("Strict-Transport-Security" in securityHeaders("page", false), false);
});

test("built files may be kept; everything has the headers that are for all", () => {
  assert.equal("Cache-Control" in securityHeaders("static", false), false);
  for (const kind of ["public", "page", "auth", "api", "static", "health"] as const) {
    const headers = securityHeaders(kind, false);
    for (const name of [
      "X-Content-Type-Options",
      "Permissions-Policy",
      "Cross-Origin-Opener-Policy",
      "Cross-Origin-Resource-Policy",
    ]) {
      assert.ok(headers[name], `${kind} ${name}`);
    }
  }
});
