import { z } from "zod";
import { fieldErrors } from "../../app/_server/field-errors.ts";
import { translator } from "../../app/_server/translate.ts";
import type { DomainError } from "../../lib/errors.ts";

const t = translator("en", "UTC");

/** The sentence of an error of ours, in English as everything on the command line. */
export function sentenceOfError({ code, facts }: DomainError): string {
  return t.has(`errors.${code}`) ? t(`errors.${code}`, facts) : t("errors.UNSAID", { code });
}

/** What is wrong with a file of answers: one line for each field, by its path. */
export function linesOfIssues(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const said = Object.values(fieldErrors(new z.ZodError([issue]), t)).flat();
    const unknown = issue.code === "unrecognized_keys" ? ` (${issue.keys.join(", ")})` : "";
    return `${issue.path.join(".") || "the file"}: ${said.join(" ")}${unknown}`;
  });
}
