/** A JSON text that is refused although it may be JSON: a key twice in one object, or deeper than anything we read. */
export class BadJson extends Error {
  override readonly name = "BadJson";
}

const MOST_DEEP = 20;

/**
 * Parses JSON in which no object has a key twice: of two readers one would take the first and one the last (B82).
 * @throws BadJson
 */
export function parseStrict(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadJson("this is not JSON");
  }
  refuseRepeatedKeys(text);
  return value;
}

/** Walks over the tokens of a text that is known to be JSON: a string followed by a colon is a key of the innermost object. */
function refuseRepeatedKeys(text: string): void {
  const open: Set<string>[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") {
      if (open.push(new Set()) > MOST_DEEP) throw new BadJson("the JSON is nested too deeply");
    } else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) throw new BadJson("a key stands twice");
      keys?.add(key);
    }
  }
}
