import { type Template, TokenKind } from "liquidjs";
import { escaped, fixedText, type Plain, plainOfAll } from "../field.ts";
import { contextOf, type Engine, htmlEngine, renderTemplates } from "../liquid.ts";
import { base64Lines } from "./base64.ts";
import { quotedPrintable, SOFT_BREAK } from "./quoted-printable.ts";

/** A part of the message whose fixed pieces are encoded already: per person only what lies between them is. */
export type PreparedPart = {
  encoding: "quoted-printable" | "base64";
  /** The part's body, encoded (ASCII), CRLF line ends, the last one included, in pieces: those that are the same for everybody are the same strings. */
  encode(values: object): string[];
  /** The same, before encoding, line ends LF. */
  render(values: object): string;
};

/** `plain`: of a piece that needs no engine. */
type Piece = { fixed: string; encoded: string; column: number } | { templates: Template[]; plain?: Plain | undefined };

/** One run over one person's values: the engine's context is made when the first piece asks for it. */
type Run = { values: object; context(): ReturnType<typeof contextOf> };

/** Beyond this share of bytes that are not ASCII, base64 is shorter and no less readable in the source. */
const MOSTLY_FOREIGN = 0.4;

const lineEnds = (text: string) => text.replace(/\r\n?/g, "\n").replaceAll("\0", "\u{fffd}");

/**
 * Parses a part once and encodes what is the same for everybody.
 * Searching markers in encoded bytes would not do: a soft line break cuts them in two, base64 hides them (stack notes on splicing).
 * @throws ParseError or TokenizationError of liquidjs
 */
export function preparePart(engine: Engine, source: string): PreparedPart {
  const text = lineEnds(source).toWellFormed();
  const pieces = piecesOf(engine, engine.parse(text.endsWith("\n") ? text : `${text}\n`));
  const encoding = foreignShare(text) > MOSTLY_FOREIGN ? "base64" : "quoted-printable";
  const render = (values: object) => {
    const run = runOf(engine, values);
    return pieces.map((piece) => ("fixed" in piece ? piece.fixed : renderPiece(engine, piece, run))).join("");
  };
  if (encoding === "base64") return { encoding, render, encode: (values) => [base64Lines(render(values))] };
  return { encoding, render, encode: (values) => splice(engine, pieces, values) };
}

function piecesOf(engine: Engine, templates: Template[]): Piece[] {
  const pieces: Piece[] = [];
  // What a template assigns may have the name of a field.
  const assigns = templates.some(({ token }) => /\{%-?\s*(?:assign|capture)\b/.test(token.input));
  for (const template of templates) {
    const last = pieces.at(-1);
    if (template.token.kind === TokenKind.HTML) {
      // Not rendered: the engine's limit of time would then be one of the machine's mood.
      const fixed = fixedText(template);
      // Each fixed piece begins a line of its own: its encoding then does not hang on what stands before it.
      if (!fixed) continue;
      const { out, column } = quotedPrintable(fixed);
      pieces.push({ fixed, encoded: out, column });
    } else if (last && "templates" in last) {
      last.templates.push(template);
    } else pieces.push({ templates: [template] });
  }
  for (const piece of assigns ? [] : pieces)
    if ("templates" in piece) piece.plain = plainOfAll(piece.templates, escapeOf(engine));
  return pieces;
}

function splice(engine: Engine, pieces: Piece[], values: object): string[] {
  const run = runOf(engine, values);
  const out: string[] = [];
  let column = 0;
  for (const piece of pieces) {
    if ("fixed" in piece) {
      if (column > 0) out.push(SOFT_BREAK);
      out.push(piece.encoded);
      column = piece.column;
      continue;
    }
    const encoded = quotedPrintable(renderPiece(engine, piece, run), column);
    out.push(encoded.out);
    column = encoded.column;
  }
  if (column > 0) out.push("\r\n");
  return out;
}

function runOf(engine: Engine, values: object): Run {
  let made: ReturnType<typeof contextOf> | undefined;
  return {
    values,
    context: () => {
      made ??= contextOf(engine, values);
      return made;
    },
  };
}

/** What this engine does with a field that it prints. */
const escapeOf = (engine: Engine) => (engine === htmlEngine ? escaped : (text: string) => text);

function renderPiece(engine: Engine, piece: { templates: Template[]; plain?: Plain | undefined }, run: Run): string {
  const plain = piece.plain?.(run.values);
  if (plain !== undefined) return lineEnds(plain).toWellFormed();
  return lineEnds(renderTemplates(engine, piece.templates, run.context())).toWellFormed();
}

function foreignShare(text: string): number {
  const bytes = Buffer.from(text, "utf8");
  let foreign = 0;
  for (const byte of bytes) if (byte > 0x7f) foreign++;
  return foreign / Math.max(bytes.length, 1);
}
