import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const APP = join(import.meta.dirname, "..");
const sources = readdirSync(APP, { recursive: true, encoding: "utf8" })
  .filter((name) => /(?<!\.test)\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(APP, name), "utf8") }));

/** They look at origin and session by themselves, or (the kit, in development alone) write nothing. */
const BY_HAND = ["_server/session-actions.ts", "kit/actions.ts"];

test("every server action is made by action() or openAction(): origin, schema and session are asked in one place (B79, B82)", () => {
  const files = sources.filter(({ text }) => text.startsWith('"use server"'));
  assert.ok(files.length > 8);
  const wrong = files
    .filter(({ name }) => !BY_HAND.includes(name))
    .flatMap(({ name, text }) =>
      [...text.matchAll(/^export (.*)$/gm)].flatMap(([, said = ""]) =>
        /^const \w+ = (action|openAction)\($|^const \w+ = (action|openAction)\(/.test(said) || /^type /.test(said)
          ? []
          : [`${name}: ${said}`],
      ),
    );
  assert.deepEqual(wrong, []);
  const schemas = files.filter(
    ({ name, text }) =>
      !BY_HAND.includes(name) && /\bz\.object\(|z\.looseObject|\.loose\(|z\.any\(|z\.unknown\(/.test(text),
  );
  assert.deepEqual(
    schemas.map(({ name }) => name),
    [],
    "schemas that let unknown keys pass",
  );
});

test("no server action hides inside another file", () => {
  const inside = sources.filter(({ name, text }) => !name.startsWith("kit/") && /^\s+["']use server["']/m.test(text));
  assert.deepEqual(
    inside.map(({ name }) => name),
    [],
  );
});

test("every route that changes something asks where it is called from", () => {
  const routes = sources.filter(
    ({ name, text }) =>
      /(^|\/)route\.tsx?$/.test(name) && /export (const|async function|function) (POST|PUT|PATCH|DELETE)\b/.test(text),
  );
  assert.ok(routes.length > 2);
  const asks = /\bmutatingRoute[<(]|\bfromOurPages\(|\bpublicRoute\(/;
  assert.deepEqual(
    routes.filter(({ text }) => !asks.test(text)).map(({ name }) => name),
    [],
  );
});
