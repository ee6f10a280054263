/** Where in a campaign something was found. */
export type Part = "mjml" | "subject" | "preheader" | "text" | "html";

/**
 * What is wrong, or may be, with a template. An error keeps a test send and a launch from happening; a draft is saved all the same.
 * The sentence for people stands in `messages` under `templates.findings.<code>` and takes `facts`.
 */
export type Finding = {
  level: "error" | "warning";
  code: string;
  part: Part;
  /** Counted from 1, in the text that the person wrote. */
  line: number;
  column?: number;
  tag?: string;
  facts: Record<string, string | number>;
};

/** The line, from 1, on which the character at `offset` stands. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i !== -1 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}
