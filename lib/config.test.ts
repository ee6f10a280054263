import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ConfigFaults, readConfig } from "./config.ts";

const DATABASE_URL = "postgres://a:b@127.0.0.1:5432/assenso";

const faultsOf = (env: Record<string, string>): string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigFaults);
    return error.faults;
  }
};

test("settings that are not given follow from those that are", () => {
  const config = readConfig({ DATABASE_URL, PORT: "8080", APP_URL: "" });
  assert.equal(config.APP_URL, "http://localhost:8080");
  assert.equal(config.PUBLIC_URL, "http://localhost:8080");
  assert.equal(config.DATABASE_DIRECT_URL, DATABASE_URL);
  assert.deepEqual(config.TRUSTED_PROXIES, []);
  assert.ok(config.ASSENSO_HOME.endsWith("/.assenso"));
  assert.equal(
    readConfig({ DATABASE_URL, APP_URL: "https://Staff.Example.it/" }).PUBLIC_URL,
    "https://staff.example.it",
  );
});

test("all faults are reported together, each by its name", () => {
  const faults = faultsOf({
    PORT: "70000",
    APP_URL: "ftp://x",
    PUBLIC_URL: "https://a.it/path",
    REDIS_URL: "localhost",
    TRUSTED_PROXIES: "10.0.0.0/33, me",
    ASSENSO_SMTP_ALLOW: "mail.lan",
    LOG_LEVEL: "loud",
    SOURCE_URL: "javascript:alert(1)",
  });
  for (const name of [
    "PORT",
    "APP_URL",
    "PUBLIC_URL",
    "REDIS_URL",
    "TRUSTED_PROXIES",
    "ASSENSO_SMTP_ALLOW",
    "LOG_LEVEL",
    "SOURCE_URL",
    "DATABASE_URL",
  ]) {
    assert.ok(
      faults.some((fault) => fault.includes(name)),
      `${name} is missing in ${faults.join(" | ")}`,
    );
  }
});

test("a setting may stand in a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "config-"));
  const file = join(folder, "url");
  writeFileSync(file, `${DATABASE_URL}\n`);
  assert.equal(readConfig({ DATABASE_URL_FILE: file }).DATABASE_URL, DATABASE_URL);
  assert.match(faultsOf({ DATABASE_URL, DATABASE_URL_FILE: file }).join(), /both set/);
  assert.match(faultsOf({ DATABASE_URL, REDIS_URL_FILE: join(folder, "none") }).join(), /REDIS_URL_FILE.*ENOENT/);
  rmSync(folder, { recursive: true });
});

test("allowed hosts and proxies are read as lists", () => {
  const config = readConfig({
    DATABASE_URL,
    ASSENSO_SMTP_ALLOW: "127.0.0.1:2525, [::1]:25 Mail.lan:10025",
    TRUSTED_PROXIES: "loopback 10.0.0.0/8,2001:db8::/32",
  });
  assert.deepEqual(config.ASSENSO_SMTP_ALLOW, [
    { host: "127.0.0.1", port: 2525 },
    { host: "::1", port: 25 },
    { host: "mail.lan", port: 10025 },
  ]);
  assert.equal(config.TRUSTED_PROXIES.length, 3);
});
