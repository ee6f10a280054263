import type { Template } from "liquidjs";

/** `{{ contact.name }}` or a longer path, with nothing after it; the first word is one of ours (`valuesMaker`). */
const FIELD = /^\{\{-?\s*((?:org|contact|list|campaign|consent|links)(?:\.[A-Za-z_][A-Za-z0-9_]*)+)\s*-?\}\}$/;
/** Words that Liquid answers itself. */
const OF_LIQUID = ["size", "first", "last"];
/** Longer ones are for the engine, which has limits. */
const MOST = 10_000;

const MARKS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };

/** The path of a template that prints one field as it is: it needs no engine, which costs ten times as much. Undefined for every other one. */
export function pathOf(template: Template): string[] | undefined {
  const path = FIELD.exec(template.token.getText())?.[1]?.split(".");
  return path?.some((word) => OF_LIQUID.includes(word)) ? undefined : path;
}

/** What stands there, empty where she lacks it; undefined: no plain text, ask the engine. */
export function textAt(values: object, path: string[]): string | undefined {
  let at: unknown = values;
  for (const word of path) {
    if (typeof at !== "object" || at === null || Array.isArray(at)) return undefined;
    at = Object.hasOwn(at, word) ? (at as Record<string, unknown>)[word] : undefined;
    if (at === undefined || at === null) return "";
  }
  return typeof at === "string" && at.length <= MOST ? at : undefined;
}

/** As the filter `escape` of the engine does. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => MARKS[mark] ?? mark);
