import assert from "node:assert/strict";
import { test } from "node:test";
import type { Services } from "../services.ts";
import { render } from "./compose.ts";
import type { Claimed, Mailer } from "./types.ts";

const s = { log: { warn: () => undefined } } as unknown as Services;
const row = { campaign: "c", position: 0, recipient: { values: {} } } as unknown as Claimed;

function failing(times: number, before: () => void) {
  let n = 0;
  const mailer: Mailer = {
    prepare: async () => undefined,
    render: () => {
      if (++n > times) return { raw: Buffer.from("x") };
      before();
      throw new Error("template render limit exceeded");
    },
  };
  return { mailer, calls: () => n };
}

test("a rendering that a machine held up is tried again, and costs nobody her mail [F07]", () => {
  const { mailer, calls } = failing(1, () => undefined);
  const { raw, fault } = render(s, { mailer, prepared: undefined, row });
  assert.equal(raw?.toString(), "x");
  assert.equal(fault, undefined);
  assert.equal(calls(), 2);
});

test("one that worked hard and failed is not: it would cost the others twice [F38]", () => {
  const { mailer, calls } = failing(1, () => {
    const from = process.cpuUsage();
    for (let cpu = process.cpuUsage(from); cpu.user + cpu.system < 120_000; ) cpu = process.cpuUsage(from);
  });
  assert.equal(render(s, { mailer, prepared: undefined, row }).fault, "not_composed");
  assert.equal(calls(), 1);
});
