import assert from "node:assert/strict";
import { test } from "node:test";
import type { CampaignReport } from "../../../../../lib/reports/report-types.ts";
import { translator } from "../../../../_server/translate.ts";
import { reportLines } from "./report-words.ts";

const t = translator("it", "Europe/Rome");
const sum = (o: { done: number; notSent: number; toDo: number; unsure?: number }) => {
  const { unsure = 0, ...figures } = o;
  const states = unsure ? [{ state: "uncertain", n: unsure }] : [];
  const report = {
    campaign: {},
    progress: { size: o.done + o.notSent + o.toDo, ...figures, states, reasons: [] },
  } as unknown as CampaignReport;
  return reportLines({ t } as Parameters<typeof reportLines>[0], report)[0];
};

test("what nobody knows is not told as what did not leave, and what is none is not told", () => {
  assert.equal(
    sum({ done: 18, notSent: 0, toDo: 0 }),
    "Destinatari scelti: 18. Il server ha preso in carico 18 messaggi.",
  );
  assert.equal(
    sum({ done: 1200, notSent: 5, toDo: 1, unsure: 3 }),
    "Destinatari scelti: 1.206. Il server ha preso in carico 1.200 messaggi; 2 non sono partiti o sono stati rifiutati; di 3 non si sa se siano arrivati; uno resta da inviare.",
  );
});
