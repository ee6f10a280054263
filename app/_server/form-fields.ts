/** A form's fields as a verb's schema reads them, or the name of the one that cannot be read. */
export type Fields = { fields: Record<string, string | string[]> } | { refused: string };

const NAME = /^[a-zA-Z][a-zA-Z0-9_.-]{0,80}$/;

/**
 * Reads a form: `name` gives a text, `name[]` a list of texts. Keys of the framework (`$ACTION…`) are dropped. A field that comes twice without
 * being a list, a file, and a name like `__proto__` are refused: who sends them does not use our form (B82).
 */
export function readFields(form: FormData): Fields {
  const found = new Map<string, string | string[]>();
  for (const [key, value] of form.entries()) {
    if (key.startsWith("$ACTION")) continue;
    const many = key.endsWith("[]");
    const name = many ? key.slice(0, -2) : key;
    if (!NAME.test(name) || typeof value !== "string") return { refused: name.slice(0, 80) };
    const before = found.get(name);
    if (before !== undefined && (!many || typeof before === "string")) return { refused: name };
    found.set(name, many ? [...(before ?? []), value] : value);
  }
  return { fields: Object.fromEntries(found) };
}

/** What was typed, for the form to show again: React empties it. Never a secret. */
export function typedValues(fields: Record<string, string | string[]>): Record<string, string> {
  const shown = Object.entries(fields).filter(([name]) => !/password|secret|refresh/i.test(name));
  return Object.fromEntries(
    shown.map(([name, value]) => (typeof value === "string" ? [name, value] : [`${name}[]`, value.join("\n")])),
  );
}
