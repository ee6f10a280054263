/** Text for HTML, in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** The same for a text that holds Liquid: what stands between its delimiters is left alone (its output is escaped by the engine). */
export function escapeAroundLiquid(text: string): string {
  return text
    .split(/(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/)
    .map((piece, i) => (i % 2 === 1 ? piece : escapeHtml(piece)))
    .join("");
}

/** A text of ours that must stand in a template as it is: a brace in an organization's name is no Liquid. */
export function withoutLiquid(text: string): string {
  return text.replace(/\{(?=[{%])/g, "{\u200b");
}
