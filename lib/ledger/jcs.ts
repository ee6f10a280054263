/** What JSON can hold. Fields that do not apply are left out: `undefined` is refused, not dropped. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };

/**
 * RFC 8785 canonical JSON, narrowed as formats.md says: names of fields are ASCII, numbers whole and within ±(2⁵³−1), so that every
 * language reads and writes the same bytes.
 * @throws Error for what has no canonical form: another number, a lone surrogate, `undefined`, a function, an object with a class of its own
 */
export function jcs(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return whole(value);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${Array.from(value, jcs).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) return members(value as Record<string, unknown>);
  throw new Error(
    `canonical JSON has no form for ${typeof value === "object" ? "an object of a class" : typeof value}`,
  );
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error("canonical JSON takes whole numbers within ±(2^53-1)");
  return String(value);
}

/** ECMAScript's own quoting is RFC 8785's (§3.2.2.2), but for lone surrogates, which it would escape. */
function quoted(text: string): string {
  if (!text.isWellFormed()) throw new Error("canonical JSON takes no lone surrogate");
  return JSON.stringify(text);
}

function members(value: Record<string, unknown>): string {
  const names = Object.keys(value).sort(); // by UTF-16 units (§3.2.3); in ASCII that is by bytes
  for (const name of names)
    if (!/^[\x20-\x7e]*$/.test(name)) throw new Error("canonical JSON takes ASCII names of fields");
  return `{${names.map((name) => `${JSON.stringify(name)}:${jcs(value[name])}`).join(",")}}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
