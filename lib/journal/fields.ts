/** The `key` of a journal line: `<kid>:<hex>`, with the kid of that suppression key (formats.md §4). */
export const suppressionText = (k: { kid: number; key: Buffer }) => `k${k.kid}:${k.key.toString("hex")}`;

/** Reads a line's `key` back. */
export function readSuppressionText(text: string): { kid: number; key: Buffer } {
  const match = /^k(\d{1,3}):([0-9a-f]{32})$/.exec(text);
  if (!match?.[1] || !match[2]) throw new Error("a journal line's key has the form k1:hex");
  return { kid: Number(match[1]), key: Buffer.from(match[2], "hex") };
}

export type Scope = { list?: string | null; purpose?: string | null };

/** The `scope` of a journal line: `all`, `list:<uuid>`, `purpose:<word>`, `list:<uuid>/<purpose>`. */
export function journalScope(o: Scope): string {
  if (o.list && o.purpose) return `list:${o.list}/${o.purpose}`;
  if (o.list) return `list:${o.list}`;
  return o.purpose ? `purpose:${o.purpose}` : "all";
}

/** Reads a line's `scope` back. */
export function readScope(text: string): Scope {
  if (text === "all") return {};
  const [, kind, value, purpose] = /^(list|purpose):([^/]+)(?:\/(.+))?$/.exec(text) ?? [];
  if (!kind || !value) throw new Error("a journal line's scope is all, list:…, purpose:… or list:…/…");
  return kind === "list" ? { list: value, ...(purpose ? { purpose } : {}) } : { purpose: value };
}
