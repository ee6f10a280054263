import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { DomainError } from "../../lib/errors.ts";
import type { Services } from "../../lib/services.ts";
import { RIGHTS } from "../../lib/users/roles.ts";
import { freshDatabase } from "../support/database.ts";
import { CALLERS, type Caller, type House, makeHouse } from "../support/house.ts";
import { testServices } from "../support/services.ts";
import { CASES, type Case, PARTS } from "./tenancy.cases.ts";

let s: Services;
let ours: House;
let theirs: House;
const ends: (() => Promise<void>)[] = [];
before(async () => {
  const d = await freshDatabase({ after: (work) => void ends.push(work) });
  // A public address that nobody can be reached at (RFC 5737): a test of a server ends at once.
  s = await testServices(d, { resolve: async () => [] });
  const building = { ...s, resolve: async () => ["93.184.215.14"] };
  [ours, theirs] = [await makeHouse(building), await makeHouse(building)];
});
after(async () => {
  for (const end of ends) await end();
});

class Undone extends Error {}
type Outcome = { answer?: unknown; code?: string };

/** Runs a verb and takes it back: the houses stay as they are. Gives what it answered, or the code of its refusal. */
async function outcome(one: Case, caller: Caller, ids: House): Promise<Outcome> {
  let seen: Outcome = {};
  const who = ours.who[caller];
  const tried = s.db.transaction(async (db) => {
    const undone = { ...s, db, resolve: async () => ["93.184.215.14"] };
    try {
      seen = { answer: await one.run(undone, who, ids) };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      seen = { code: error.code };
    }
    throw new Undone();
  });
  await tried.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  return seen;
}

const allows = (one: Case, caller: Caller) =>
  !one.butNot.includes(caller) && one.rights.every((right) => (RIGHTS[right] as readonly string[]).includes(caller));

/** A house whose ids nobody has. */
const nowhere = () =>
  ({
    ...Object.fromEntries(Object.keys(ours).map((key) => [key, s.randomId()])),
    invitation: "ab".repeat(32),
  }) as unknown as House;

describe("every verb, as every role, in its own house and with another's ids (B81)", () => {
  for (const one of CASES) {
    test(`${one.name}: ${one.rights.join(" and ") || "whoever is signed in"}`, async () => {
      for (const caller of CALLERS) await tryAs(one, caller);
    });
  }
});

async function tryAs(one: Case, caller: Caller): Promise<void> {
  const own = await outcome(one, caller, ours);
  if (!allows(one, caller)) return assert.deepEqual(own, { code: "FORBIDDEN" }, `${caller} in her own house`);
  // An operator without a role belongs to no organization: what is named is not hers either.
  if (own.code !== undefined && !(caller === "operator" && one.ids === "named"))
    assert.ok(one.may.includes(own.code), `${caller} in her own house: ${own.code}`);
  const unknown = await outcome(one, caller, nowhere());
  const told = [own.answer];
  // Each id alone is another's, then all of them: a verb that asks for one must ask for every one.
  for (const foreign of [...houses(one, caller), theirs]) {
    const seen = await outcome(one, caller, foreign);
    told.push(seen.answer);
    const says = `${caller} with another's ids`;
    if (one.ids === "named") assert.deepEqual({ ...seen }, { code: "NOT_FOUND" }, says);
    if (one.ids === "narrowed") assert.deepEqual({ ...seen }, unknown, `${says}: told from ones that nobody has`);
  }
  if (one.ids === "named")
    assert.deepEqual({ ...unknown }, { code: "NOT_FOUND" }, `${caller} with ids that nobody has`);
  if (one.everywhere) return;
  const text = JSON.stringify(told);
  assert.deepEqual(
    theirs.ids.filter((id) => text.includes(id)),
    [],
    `${caller} is told of another house`,
  );
}

/** Our house with one thing of another in it, for each thing that the verb names. A session is the caller's own, and of no house. */
function houses(one: Case, caller: Caller): House[] {
  const used = new Set<string>();
  const watched = new Proxy(ours, { get: (house, key: string) => used.add(key) && Reflect.get(house, key) });
  one.input(watched);
  used.delete("session");
  if (caller === "operator") used.clear();
  return [...used].map((key) => ({ ...ours, [key]: Reflect.get(theirs, key) }));
}

/** Names of exported functions in lib/ whose parameters hold `who: Who`, directly or by a type that does. */
function takersOfWho(): string[] {
  const folder = join(import.meta.dirname, "../../lib");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /(?<!\.test|\.fixture)\.ts$/.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const types = sources.flatMap((text) =>
    [...text.matchAll(/\btype (\w+)(?:<[^=]*>)? = ([^;]*?\{[\s\S]*?\n\};|[^;\n]*;)/g)].flatMap(
      ([, name = "", body = ""]) => (/\bwho: Who\b/.test(body) ? [name] : []),
    ),
  );
  const form = new RegExp(`\\bwho: Who\\b${types.map((name) => `|: ${name}\\b`).join("")}`);
  return sources.flatMap((text) =>
    [...text.matchAll(/export (?:async )?function (\w+)(?:<[^>]*>)?\(/g)].flatMap((found) =>
      form.test(parameters(text, found.index + found[0].length)) ? [found[1] ?? ""] : [],
    ),
  );
}

/** The text up to the bracket that closes the one before `from`. */
function parameters(text: string, from: number): string {
  let depth = 1;
  let at = from;
  while (depth > 0 && at < text.length) {
    if (text[at] === "(") depth++;
    if (text[at] === ")") depth--;
    at++;
  }
  return text.slice(from, at);
}

test("no verb of lib/ that takes `who` is missing from the cases, and none is there twice", () => {
  const takers = takersOfWho();
  assert.ok(takers.length > 60, `${takers.length} found: the search is broken`);
  const known = CASES.map(({ name }) => name);
  assert.deepEqual(
    takers.filter((name) => !known.includes(name) && !PARTS.has(name)),
    [],
  );
  assert.deepEqual(
    known.filter((name) => !takers.includes(name)),
    [],
  );
  assert.deepEqual(
    known.filter((name, i) => known.indexOf(name) !== i),
    [],
  );
});
