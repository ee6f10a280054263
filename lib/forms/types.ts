/** What screens know of a form: plain data, no code. */

export type FormRow = {
  id: string;
  name: string;
  list: { id: string; name: string };
  locale: "it" | "en";
  tone: "tu" | "lei";
  version: number;
  publishedAt: Date;
  withdrawnAt: Date | null;
  /** Newer words of the list are published than the form shows. */
  outdated: boolean;
};

export type FormVersion = { version: number; publishedAt: Date; sha256: string; html: string; notices: string[] };
