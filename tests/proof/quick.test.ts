import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ensureBuilt } from "../../scripts/parts/build.mjs";
import { isGood, lineOf } from "./harness/fault.ts";
import type { Answer } from "./harness/hand.ts";
import { Hands } from "./harness/hands.ts";
import { staleChanges } from "./harness/mutate.ts";
import { allFaults } from "./harness/run.ts";
import { MUTANTS } from "./mutants.ts";

const PROJECT = join(import.meta.dirname, "../..");
/** The same in every run of the tests; `npm run proof` draws another each time. */
const SEED = 4;
/** So many faults run side by side: most of their time is waiting, and other files of the tests run beside them. */
const AT_ONCE = 2;

test("every mistake of the mutants still finds its place in the engine", () => {
  assert.equal(MUTANTS.length, 12);
  assert.deepEqual(staleChanges(MUTANTS), []);
});

const quick = (await allFaults()).filter((fault) => fault.quick);

describe("the quick form of the proof", () => {
  let hands: Hands | undefined;
  const answers = new Map<string, Promise<Answer>>();
  before(async () => {
    await ensureBuilt(PROJECT);
    hands = await Hands.open(AT_ONCE, join(PROJECT, "dist"));
    for (const fault of quick) {
      const answer = hands.run(fault, { form: "quick", seed: SEED });
      answer.catch(() => undefined);
      answers.set(fault.id, answer);
    }
  });
  after(() => hands?.close());

  for (const { id, title } of quick) {
    test(title, async (t) => {
      const answer = await answers.get(id);
      assert.ok(answer);
      const { finding, seconds } = answer;
      const line = `${lineOf(id, finding)} · ${seconds.toFixed(0)} s`;
      t.diagnostic(line);
      assert.ok(isGood(finding), `${line}\n${finding.wrong.join("\n")}`);
    });
  }
});
