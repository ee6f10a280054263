import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ensureBuilt } from "../../scripts/parts/build.mjs";
import { isGood, lineOf } from "./harness/fault.ts";
import { staleChanges } from "./harness/mutate.ts";
import { allFaults, openProof, runFault } from "./harness/run.ts";
import { MUTANTS } from "./mutants.ts";

const PROJECT = join(import.meta.dirname, "../..");
/** The same in every run of the tests; `npm run proof` draws another each time. */
const SEED = 4;

test("every mistake of the mutants still finds its place in the engine", () => {
  assert.equal(MUTANTS.length, 12);
  assert.deepEqual(staleChanges(MUTANTS), []);
});

const quick = (await allFaults()).filter((fault) => fault.quick);

describe("the quick form of the proof", () => {
  let proof: Awaited<ReturnType<typeof openProof>> | undefined;
  before(async () => {
    await ensureBuilt(PROJECT);
    proof = await openProof(join(PROJECT, "dist"));
  });
  after(() => proof?.close());

  for (const fault of quick) {
    test(fault.title, async (t) => {
      const finding = await runFault(fault, { form: "quick", seed: SEED });
      t.diagnostic(lineOf(fault.id, finding));
      assert.ok(isGood(finding), `${lineOf(fault.id, finding)}\n${finding.wrong.join("\n")}`);
    });
  }
});
