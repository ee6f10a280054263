import type { z } from "zod";
import type { Translate } from "./translate.ts";

/**
 * Issues of a schema as sentences by field. A message in capitals (`TOO_LONG`) is a key below `fields`, written by the schema itself.
 * Of a field that is empty nothing more is said: what else it is not goes without saying.
 */
export function fieldErrors(error: z.ZodError, t: Translate): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const issue of error.issues) {
    const field = String(issue.path[0] ?? "");
    const said = sentence(issue, t);
    if (found[field]?.[0] === t("fields.REQUIRED")) continue;
    if (!found[field]?.includes(said)) found[field] = [...(found[field] ?? []), said];
  }
  return found;
}

function sentence(issue: z.core.$ZodIssue, t: Translate): string {
  const limits = issue as { minimum?: number | bigint; maximum?: number | bigint };
  const n = Number(limits.maximum ?? limits.minimum ?? 0);
  if (/^[A-Z][A-Z0-9_]+$/.test(issue.message) && t.has(`fields.${issue.message}`))
    return t(`fields.${issue.message}`, { n });
  return t(`fields.${codeOf(issue)}`, { n });
}

function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "too_small")
    return issue.origin === "string" ? (Number(issue.minimum) <= 1 ? "REQUIRED" : "TOO_SHORT") : "TOO_LOW";
  if (issue.code === "too_big") return issue.origin === "string" ? "TOO_LONG" : "TOO_HIGH";
  if (issue.code === "invalid_type") return "REQUIRED";
  if (issue.code === "unrecognized_keys") return "UNKNOWN_FIELD";
  return "INVALID";
}
