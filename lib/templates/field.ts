import { type Template, TokenKind } from "liquidjs";

/** A path whose first word is one of ours (`valuesMaker`). */
const PATH = "((?:org|contact|list|campaign|consent|links)(?:\\.[A-Za-z_][A-Za-z0-9_]*)+)";
/** `{{ contact.name }}`, with nothing after it. */
const FIELD = new RegExp(`^\\{\\{-?\\s*${PATH}\\s*-?\\}\\}$`);
/** `{{ contact.first_name | default: "friend" }}`, for who lacks it or has it empty; words without escapes. */
const DEFAULT = new RegExp(`^\\{\\{-?\\s*${PATH}\\s*\\|\\s*default:\\s*(?:"([^"\\\\]*)"|'([^'\\\\]*)')\\s*-?\\}\\}$`);
/** `{% if consent.until %}`, which asks for nothing but whether it is there. */
const IF = new RegExp(`^\\{%-?\\s*if\\s+${PATH}\\s*-?%\\}$`);
/** Words that Liquid answers itself. */
const OF_LIQUID = ["size", "first", "last"];
/** Longer ones are for the engine, which has limits. */
const MOST = 10_000;

const MARKS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };

/** What a template prints of a person's values; undefined: not so simple, ask the engine. */
export type Plain = (values: object) => string | undefined;

/**
 * A template that needs no engine, which costs ten times as much: text, one field as it is or with words for who lacks it, or such ones within an `if` that asks whether a field is there (as the legal
 * footer does). Undefined for every other one.
 * @param escaping what becomes of a field
 */
export function plainOf(template: Template, escaping: (text: string) => string): Plain | undefined {
  const { token } = template;
  if (token.kind === TokenKind.HTML) return always(fixedText(template));
  const text = token.getText();
  const field = pathIn(FIELD, text) ?? pathIn(DEFAULT, text);
  const [, , double, single] = DEFAULT.exec(text) ?? [];
  const instead = double ?? single ?? "";
  if (field) return (values) => map(textAt(values, field), (found) => escaping(found || instead));
  const condition = pathIn(IF, text);
  const { branches, elseTemplates } = template as { branches?: { templates: Template[] }[]; elseTemplates?: unknown };
  const [only] = branches ?? [];
  if (!condition || !only || branches?.length !== 1 || elseTemplates) return undefined;
  const inner = plainOfAll(only.templates, escaping);
  return (values) => {
    const there = isThere(values, condition);
    return there === undefined ? undefined : there ? inner?.(values) : "";
  };
}

/** The same for templates in a row; undefined where one of them needs the engine. */
export function plainOfAll(templates: Template[], escaping: (text: string) => string): Plain | undefined {
  const all = templates.map((one) => plainOf(one, escaping));
  return all.every((one) => one !== undefined) ? (values) => joined(all, values) : undefined;
}

/** What a piece of text between fields says. */
export const fixedText = ({ token }: Template): string =>
  (token as Template["token"] & { getContent(): string }).getContent();

const always =
  (text: string): Plain =>
  () =>
    text;
const map = (text: string | undefined, by: (text: string) => string) => (text === undefined ? undefined : by(text));

function joined(all: Plain[], values: object): string | undefined {
  let out = "";
  for (const one of all) {
    const text = one(values);
    if (text === undefined) return undefined;
    out += text;
  }
  return out;
}

function pathIn(form: RegExp, text: string): string[] | undefined {
  const path = form.exec(text)?.[1]?.split(".");
  return path?.some((word) => OF_LIQUID.includes(word)) ? undefined : path;
}

/** Empty text is there, as in the engine; undefined: no text, ask it. */
function isThere(values: object, path: string[]): boolean | undefined {
  const value = valueAt(values, path);
  return value === null ? false : typeof value === "string" ? true : undefined;
}

/** What stands there, empty where she lacks it; undefined: no plain text, ask the engine. */
export function textAt(values: object, path: string[]): string | undefined {
  const value = valueAt(values, path);
  return value === null ? "" : typeof value === "string" && value.length <= MOST ? value : undefined;
}

/** Null where she lacks it; undefined past what is plain data. */
function valueAt(values: object, path: string[]): unknown {
  let at: unknown = values;
  for (const word of path) {
    if (typeof at !== "object" || at === null || Array.isArray(at)) return undefined;
    at = Object.hasOwn(at, word) ? (at as Record<string, unknown>)[word] : undefined;
    if (at === undefined || at === null) return null;
  }
  return at;
}

/** As the filter `escape` of the engine does. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => MARKS[mark] ?? mark);
