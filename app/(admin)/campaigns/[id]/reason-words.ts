import type { Translate } from "../../../_server/translate.ts";

/** Why a row is in its state: a refusal of the gate, or what became of an attempt. */
export function reasonWords(t: Translate, reason: string): string {
  for (const key of [`campaigns.refusals.${reason}`, `campaigns.reasons.${reason}`]) if (t.has(key)) return t(key);
  return reason;
}
