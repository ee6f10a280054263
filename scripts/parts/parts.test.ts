import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sourceArchive } from "./archive.mjs";
import { buildDue, sourcesHash } from "./build.mjs";
import { lockFaults, mendLock } from "./lock.mjs";
import { messageFaults } from "./messages.mjs";
import { packagesDue } from "./packages.mjs";
import { sentenceFor } from "./problem.mjs";
import { requireFreePort, requireSpace } from "./run.mjs";

const folder = mkdtempSync(join(tmpdir(), "parts-"));
after(() => rmSync(folder, { recursive: true }));

const project = (name: string, files: Record<string, unknown>) => {
  const root = join(folder, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
};

test("the source archive holds all that the build is made of, and nothing of the installation's own", () => {
  const root = join(import.meta.dirname, "../..");
  const target = join(folder, "unpacked");
  mkdirSync(target);
  const unpack = (bytes: Buffer, to: string) =>
    execFileSync("tar", ["-xzf", "-", "-C", to], { input: bytes, maxBuffer: 100_000_000 });
  unpack(sourceArchive(root, "assenso"), target);
  assert.equal(sourcesHash(join(target, "assenso")), sourcesHash(root), "it builds to the same");
  assert.equal(
    readFileSync(join(target, "assenso/LICENSE"), "utf8"),
    readFileSync(join(root, "LICENSE"), "utf8"),
    "an independent tar reads each file whole",
  );
  const own = project("own", {
    ...{ "lib/a.ts": "1", "lib/.env": "PASSWORD=x", ".env": "PASSWORD=x", ".assenso/keys.json": "{}" },
    ...{ ".npmrc": "//r/:_authToken=x", "dump.sql": "anna@esempio.it", "dist/x.mjs": "", "package.json": "{}" },
  });
  symlinkSync("/etc/hostname", join(own, "lib/link"));
  const bare = join(folder, "bare");
  mkdirSync(bare);
  unpack(sourceArchive(own, "assenso"), bare);
  const names = readdirSync(bare, { recursive: true, encoding: "utf8" }).sort();
  assert.deepEqual(names, ["assenso", "assenso/lib", "assenso/lib/a.ts", "assenso/package.json"]);
});

test("packages are due when npm's own account differs from the lock file, but for what this platform does without", () => {
  const packages = {
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/mac": { version: "1.0.0", optional: true },
    "node_modules/tool": { version: "1.0.0", dev: true },
  };
  const installed = (present: object) =>
    project(`packages-${JSON.stringify(present).length}`, {
      "package-lock.json": { packages },
      "node_modules/.package-lock.json": { packages: present },
    });
  const a = { "node_modules/a": { version: "1.0.0" } };
  assert.equal(packagesDue(project("none", { "package-lock.json": { packages } }), { dev: false }), true);
  assert.equal(packagesDue(installed(a), { dev: false }), false);
  assert.equal(packagesDue(installed(a), { dev: true }), true);
  assert.equal(packagesDue(installed({ ...a, "node_modules/tool": { version: "1.0.0" } }), { dev: true }), false);
  assert.equal(packagesDue(installed({ "node_modules/a": { version: "2.0.00" } }), { dev: false }), true);
});

test("a lock file gets what other platforms need, and loses what belongs to nobody or names a registry", () => {
  const lock = {
    packages: {
      "": { optionalDependencies: {} },
      "node_modules/tool": {
        version: "1.2.3",
        optionalDependencies: { "@tool/linux-x64-musl": "1.2.3", "@tool/darwin-arm64": "1.2.3" },
      },
      "node_modules/@tool/darwin-arm64": { version: "1.2.3", optional: true },
      "node_modules/lost": { version: "1.0.0", extraneous: true },
      "node_modules/far": { version: "1.0.0", resolved: "https://registry.example/far.tgz" },
    },
  };
  assert.equal(lockFaults(lock).length, 3);
  const mended = mendLock(lock);
  assert.deepEqual(lockFaults(mended), []);
  assert.deepEqual(mended.packages["node_modules/@tool/linux-x64-musl"], {
    ...{ version: "1.2.3", os: ["linux"], cpu: ["x64"], libc: ["musl"], optional: true, license: "MIT" },
  });
  assert.equal("node_modules/lost" in mended.packages, false);
});

test("a build is due when a source changed, not when a test did", () => {
  const root = project("build", { "lib/a.ts": "1", "package-lock.json": "{}" });
  const hash = sourcesHash(root);
  assert.equal(buildDue(root, hash), true);
  mkdirSync(join(root, "dist"));
  writeFileSync(join(root, "dist/build.json"), JSON.stringify({ hash }));
  assert.equal(buildDue(root, hash), false);
  writeFileSync(join(root, "lib/a.test.ts"), "2");
  assert.equal(buildDue(root, sourcesHash(root)), false);
  writeFileSync(join(root, "lib/a.ts"), "2");
  assert.equal(buildDue(root, sourcesHash(root)), true);
});

test("catalogues differ by keys, values, and sentences for errors; Italian alone has tones", () => {
  const en = { a: "Hello {name}", b: { c: "{n, plural, one {one} other {{n, number}}}" }, errors: { KNOWN: "known" } };
  const it = {
    a: "{tone, select, lei {Salve} other {Ciao}} {name}",
    b: { c: "{n, plural, one {uno} other {{n, number}}}" },
    errors: { KNOWN: "noto" },
  };
  const lib = 'throw new DomainError("KNOWN"); throw new DomainError("UNSAID", {});';
  const faults = (name: string, italian: object) =>
    messageFaults(project(name, { "messages/en.json": en, "messages/it.json": italian, "lib/a.ts": lib }));
  assert.deepEqual(faults("messages", it), ["en.json lacks errors.UNSAID"]);
  assert.deepEqual(
    messageFaults(project("messages-quoted", { "messages/en.json": { a: "Is '{{' open’s {n}?" }, "lib/a.ts": "" })),
    [],
    "what quotes a brace is no apostrophe",
  );
  const found = faults("messages-wrong", {
    a: "Ciao {nome}",
    b: { c: "{n, plural" },
    d: "l'ora '{{' {n, plural, one {un'ora} other {#}}",
  });
  for (const expected of [
    /it\.json lacks errors\.KNOWN/,
    /en\.json lacks d/,
    /a takes nome, en\.json name/,
    /b\.c does not parse/,
    /it\.json: d has a straight apostrophe/,
  ]) {
    assert.ok(
      found.some((fault) => expected.test(fault)),
      `${expected} in ${found.join("\n")}`,
    );
  }
});

test("what the system says about a disk becomes one sentence", () => {
  assert.match(
    sentenceFor(Object.assign(new Error("write"), { code: "ENOSPC" }), "/data") ?? "",
    /^The disk is full: .*\/data/,
  );
  assert.match(sentenceFor("initdb: could not write: No space left on device", "/data") ?? "", /^The disk is full/);
  assert.match(sentenceFor(Object.assign(new Error("open"), { code: "EACCES" }), "/data") ?? "", /may not be written/);
  assert.equal(sentenceFor(new Error("else"), "/data"), undefined);
  assert.throws(() => requireSpace(folder, 1e9), /The disk is full: .* MB free and 1000000000 MB are needed/);
  requireSpace(folder, 0);
});

test("a port in use is told by its number", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as { port: number };
  await assert.rejects(requireFreePort(port), new RegExp(`Port ${port} is in use`));
  await new Promise((resolve) => server.close(resolve));
  await requireFreePort(port);
});
