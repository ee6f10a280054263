/**
 * A failure that a caller can act on. `code` is contract: tests, logs and screens match on it, never on a text;
 * the sentence for people stands in `messages/*.json` under `errors.<code>`, in both languages.
 */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number>>;

  /** @param facts ids, counts and names of fields for the sentence and the log; never an address or a secret (they end up in log files). */
  constructor(code: string, facts: Record<string, string | number> = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

/** What does not exist, or belongs to another organization: the two are told apart nowhere . */
export class NotFound extends DomainError {
  constructor(what: string) {
    super("NOT_FOUND", { what });
  }
}

/** The caller's role does not allow this. */
export class Forbidden extends DomainError {
  constructor(right: string) {
    super("FORBIDDEN", { right });
  }
}
