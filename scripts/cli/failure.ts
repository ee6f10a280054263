import { SchemaProblem } from "../../db/migrate.ts";
import { ConfigFaults } from "../../lib/config.ts";
import { DomainError } from "../../lib/errors.ts";
import { explainConnection } from "./connection.ts";
import { sentenceOfError } from "./words.ts";

/** The command was written wrongly: exit code 2. */
export class WrongUse extends Error {
  override readonly name = "WrongUse";
}

/** It was understood and cannot be done: `message` is one clear sentence, exit code 1. */
export class NotDone extends Error {
  override readonly name = "NotDone";
}

/** One clear sentence for a failure, or undefined for one that only its stack explains. */
export function sentenceOf(error: unknown, databaseUrl: string | undefined): string | undefined {
  if (
    error instanceof WrongUse ||
    error instanceof NotDone ||
    error instanceof ConfigFaults ||
    error instanceof SchemaProblem
  ) {
    return error.message;
  }
  if (error instanceof DomainError) return sentenceOfError(error);
  const { code } = error as { code?: string };
  if (code === "ENOSPC" || code === "53100") return "The disk is full: free some space and start again.";
  return databaseUrl && URL.canParse(databaseUrl) ? explainConnection(error, databaseUrl) : undefined;
}
