import { type Template, TokenKind } from "liquidjs";
import { escaped, pathOf, textAt } from "../field.ts";
import { contextOf, type Engine, htmlEngine, renderTemplates } from "../liquid.ts";
import { base64Lines } from "./base64.ts";
import { quotedPrintable, SOFT_BREAK } from "./quoted-printable.ts";

/** A part of the message whose fixed pieces are encoded already: per person only what lies between them is. */
export type PreparedPart = {
  encoding: "quoted-printable" | "base64";
  /** The part's body, encoded, CRLF line ends, the last one included. */
  encode(values: object): string;
  /** The same, before encoding, line ends LF. */
  render(values: object): string;
};

/** `path`: of a piece that is one field and no more. */
type Piece =
  | { fixed: string; encoded: string; endsLine: boolean }
  | { templates: Template[]; path?: string[] | undefined };

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
  if (encoding === "base64") return { encoding, render, encode: (values) => base64Lines(render(values)) };
  return { encoding, render, encode: (values) => splice(engine, pieces, values) };
}

function piecesOf(engine: Engine, templates: Template[]): Piece[] {
  const none = contextOf(engine, {});
  const pieces: Piece[] = [];
  // What a template assigns may have the name of a field.
  const assigns = templates.some(({ token }) => /\{%-?\s*(?:assign|capture)\b/.test(token.input));
  for (const template of templates) {
    const last = pieces.at(-1);
    if (template.token.kind === TokenKind.HTML) {
      const fixed = renderTemplates(engine, [template], none);
      // Each fixed piece begins a line of its own: its encoding then does not hang on what stands before it.
      if (fixed) pieces.push({ fixed, encoded: quotedPrintable(fixed).out, endsLine: fixed.endsWith("\n") });
    } else if (last && "templates" in last) {
      last.templates.push(template);
      last.path = undefined;
    } else pieces.push({ templates: [template], path: assigns ? undefined : pathOf(template) });
  }
  return pieces;
}

function splice(engine: Engine, pieces: Piece[], values: object): string {
  const run = runOf(engine, values);
  let out = "";
  let column = 0;
  for (const piece of pieces) {
    if ("fixed" in piece) {
      out += column > 0 ? SOFT_BREAK + piece.encoded : piece.encoded;
      column = piece.endsLine ? 0 : columnAfter(piece.encoded);
      continue;
    }
    const encoded = quotedPrintable(renderPiece(engine, piece, run), column);
    out += encoded.out;
    column = encoded.column;
  }
  return column > 0 ? `${out}\r\n` : out;
}

const columnAfter = (encoded: string) => encoded.length - (encoded.lastIndexOf("\n") + 1);

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

function renderPiece(engine: Engine, piece: { templates: Template[]; path?: string[] | undefined }, run: Run): string {
  const plain = piece.path && textAt(run.values, piece.path);
  if (plain !== undefined) return lineEnds(engine === htmlEngine ? escaped(plain) : plain).toWellFormed();
  return lineEnds(renderTemplates(engine, piece.templates, run.context())).toWellFormed();
}

function foreignShare(text: string): number {
  const bytes = Buffer.from(text, "utf8");
  let foreign = 0;
  for (const byte of bytes) if (byte > 0x7f) foreign++;
  return foreign / Math.max(bytes.length, 1);
}
