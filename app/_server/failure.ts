import { DomainError } from "../../lib/errors.ts";
import type { Services } from "../../lib/services.ts";
import type { ActionState } from "../_ui/action-state.ts";
import type { Translate } from "./translate.ts";

export type Failure = NonNullable<ActionState["error"]>;

/**
 * What a person is told about an error. One of ours has its sentence; for the unexpected she gets a number that the log has too, and the log
 * gets the error's class, code and place: its text may quote values.
 */
export function failure(s: Services, error: unknown, t: Translate, where: string): Failure {
  if (error instanceof DomainError) {
    const key = `errors.${error.code}`;
    return { code: error.code, text: t.has(key) ? t(key, error.facts) : t("errors.UNSAID", { code: error.code }) };
  }
  const id = s.randomId().slice(-12);
  const { name, stack = "", code = "" } = error as Error & { code?: string };
  const place = stack
    .split("\n")
    .slice(1, 5)
    .map((line) => line.trim());
  s.log.error("unexpected", { id, where, name, code: String(code), place });
  return { code: "UNEXPECTED", text: t("errors.UNEXPECTED", { id }), id };
}

/** The HTTP status of a refusal. */
export function statusOf(code: string): number {
  return { NOT_FOUND: 404, FORBIDDEN: 403, SIGNED_OUT: 401, CAMPAIGN_CHANGED: 409, UNEXPECTED: 500 }[code] ?? 422;
}
