/** A notice's text as a page shows it. */
export type Block = { kind: "heading" | "paragraph"; text: string } | { kind: "points"; points: string[] };

/** Reads the plain text of a notice: `## ` heads a section, lines with `- ` are points, an empty line parts paragraphs. Nothing else means anything. */
export function noticeBlocks(body: string): Block[] {
  return body
    .replaceAll("\r\n", "\n")
    .split(/\n{2,}/)
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map((text): Block => {
      if (text.startsWith("## ")) return { kind: "heading", text: text.slice(3) };
      const lines = text.split("\n");
      if (lines.every((line) => line.startsWith("- ")))
        return { kind: "points", points: lines.map((line) => line.slice(2)) };
      return { kind: "paragraph", text };
    });
}
