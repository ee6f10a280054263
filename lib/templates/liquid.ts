import { Context, Liquid, type Template, toValueSync } from "liquidjs";

/**
 * What a template may use. Everything else is unknown to the engines: no loop over ranges of a billion, no file, no filter that switches the escaping
 * off (`raw`), none that asks the clock or the machine's zone (`date`): the same values give the same bytes.
 */
const TAGS = ["if", "unless", "case", "for", "assign", "capture", "comment"];
const FILTERS = [
  ...["default", "upcase", "downcase", "capitalize", "strip", "lstrip", "rstrip", "squish"],
  ...["append", "prepend", "replace", "remove", "truncate", "truncatewords", "url_encode"],
  ...["size", "first", "last", "slice", "split", "join", "plus", "minus", "times", "round"],
];

/** Limits of one template or one rendering: characters, milliseconds, units of memory as liquidjs counts them. */
const LIMITS = { parseLimit: 1_000_000, renderLimit: 200, memoryLimit: 10_000_000 };

export type Engine = Liquid;

/** For HTML: what is printed is escaped. */
export const htmlEngine: Engine = engine("escape");
/** For plain text and subjects: what is printed stands as it is. */
export const textEngine: Engine = engine(undefined);

/**
 * A field that a person lacks prints nothing (`strictVariables` off): one empty field must not cost her the mail. Names that nobody has are found
 * before, by `analyzeLiquid`. Data are never compiled: a value with braces in it is printed (B37).
 */
function engine(outputEscape: "escape" | undefined): Liquid {
  const made = new Liquid({
    ...LIMITS,
    strictFilters: true,
    strictVariables: false,
    ownPropertyOnly: true,
    relativeReference: false,
    dynamicPartials: false,
    // Closes the file system even to a tag that comes back by mistake (B38).
    templates: {},
    timezoneOffset: 0,
    ...(outputEscape ? { outputEscape } : {}),
  });
  keepOnly(made.tags, TAGS);
  keepOnly(made.filters, FILTERS);
  return made;
}

function keepOnly(all: Record<string, unknown>, names: readonly string[]) {
  for (const name of Object.keys(all)) if (!names.includes(name)) delete all[name];
}

/** One run over one person's values: what `assign` sets in one piece is there in the next. */
export function contextOf(engine: Engine, values: object): Context {
  return new Context(values, engine.options, { sync: true });
}

/** Renders parsed templates in a context. @throws RenderError where a limit is reached */
export function renderTemplates(engine: Engine, templates: Template[], context: Context): string {
  return String(toValueSync(engine.renderer.renderTemplates(templates, context)));
}
