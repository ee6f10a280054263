import type { Template } from "liquidjs";
import type { Finding, Part } from "./findings.ts";
import { lineAt } from "./findings.ts";
import { type Engine, htmlEngine } from "./liquid.ts";
import { didYouMean, isKnown, type Known } from "./variables.ts";

/** A name that a template prints or asks about. `row` and `column` count from 1. */
export type UsedVariable = { name: string; row: number; column: number; hasDefault: boolean };
export type Analysis = { variables: UsedVariable[]; findings: Finding[] };

/**
 * Reads a template without running it: which names it uses, and what is wrong with it. Names outside of the known ones are errors, with what was
 * probably meant. Never throws.
 *
 * @param o.part where the text stands, for the findings · o.fields the contact fields that exist; left out: any
 */
export function analyzeLiquid(source: string, o: Known & { part?: Part } = {}): Analysis {
  const part = o.part ?? "html";
  const parsed = parse(htmlEngine, source);
  if ("error" in parsed) return { variables: [], findings: [syntaxFinding(parsed.error, source, part)] };
  const variables = used(htmlEngine, parsed.templates, source);
  const known = { ...o, inSubject: part === "subject" };
  const findings = variables.flatMap((variable): Finding[] => {
    if (isKnown(variable.name, known)) return [];
    const meant = didYouMean(variable.name, known);
    return [
      {
        level: "error",
        code: meant ? "variable_meant" : "variable_unknown",
        part,
        line: variable.row,
        column: variable.column,
        facts: { name: variable.name.slice(0, 80), ...(meant ? { meant } : {}) },
      },
    ];
  });
  return { variables, findings };
}

function parse(engine: Engine, source: string): { templates: Template[] } | { error: unknown } {
  try {
    return { templates: engine.parse(source) };
  } catch (error) {
    return { error };
  }
}

function used(engine: Engine, templates: Template[], source: string): UsedVariable[] {
  const { globals } = engine.analyzeSync(templates, { partials: false });
  const starts = lineStarts(source);
  return Object.values(globals)
    .flat()
    .map(({ segments, location }) => {
      const [row, column] = [location.row, location.col];
      const name = segments.map((segment) => (typeof segment === "object" ? "*" : String(segment))).join(".");
      return { name, row, column, hasDefault: hasDefault(source, (starts[row - 1] ?? 0) + column - 1) };
    })
    .sort((a, b) => a.row - b.row || a.column - b.column);
}

/** `{{ name | default: … }}`: the value for whoever lacks it, which must come first (the next filter would get nothing). */
function hasDefault(source: string, offset: number): boolean {
  const opened = source.lastIndexOf("{{", offset);
  if (opened === -1 || source.slice(opened, offset).includes("}}")) return false;
  return /^[\w.[\]"'-]+\s*\|\s*default\s*:/.test(source.slice(offset, offset + 300));
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (let i = source.indexOf("\n"); i !== -1; i = source.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

/** What liquidjs says, as one of a few faults that people can mend. */
const FAULTS: [RegExp, string, (match: RegExpExecArray) => Record<string, string>][] = [
  [/^tag "?([\w#-]{1,40})"? not found/, "tag_unknown", (m) => ({ name: m[1] ?? "" })],
  [/^undefined filter: (\S{1,40}?),? /, "filter_unknown", (m) => ({ name: m[1] ?? "" })],
  [/^(?:tag|output) ["{].*not closed/s, "not_closed", () => ({})],
  [/parse length limit/, "too_long", () => ({})],
];

function syntaxFinding(error: unknown, source: string, part: Part): Finding {
  const { message, token } = error as { message: string; token?: { begin?: number; getPosition?(): [number, number] } };
  const position = token?.getPosition?.();
  const base = { level: "error" as const, part, line: position?.[0] ?? lineAt(source, token?.begin ?? 0) };
  const column = position ? { column: position[1] } : {};
  for (const [form, code, facts] of FAULTS) {
    const match = form.exec(message);
    if (match) return { ...base, ...column, code: `liquid_${code}`, facts: facts(match) };
  }
  return { ...base, ...column, code: "liquid_syntax", facts: {} };
}
