import PDFDocument from "pdfkit";

/** A table of a report: heads, rows of cells; the first column is words, the others figures. */
export type ReportTable = { title: string; heads: string[]; rows: string[][] };
export type ReportPaper = {
  title: string;
  /** Sentences under the title. */
  lines: string[];
  tables: ReportTable[];
  /** At the foot of each page. */
  foot: string;
};

const MARGIN = 56;
const WIDTH = 595.28 - 2 * MARGIN;
const [INK, SOFT, RULE] = ["#1d2330", "#5a6372", "#c9ced6"];

/**
 * A report as a PDF file (A4): sentences, then the tables. The standard fonts of PDF are used, which every reader has and which hold the letters of western
 * Europe; any other letter is printed as a question mark.
 */
export function reportPdf(paper: ReportPaper): Promise<Buffer> {
  const doc = new PDFDocument({ size: "A4", margin: MARGIN, bufferPages: true, info: { Title: paper.title } });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on("data", (chunk: Buffer) => chunks.push(chunk));
    doc.on("end", () => resolve(Buffer.concat(chunks)));
    doc.on("error", reject);
  });
  doc.font("Helvetica-Bold").fontSize(18).fillColor(INK).text(latin(paper.title));
  doc.moveDown(0.4).font("Helvetica").fontSize(10.5);
  for (const line of paper.lines) doc.fillColor(INK).text(latin(line), { lineGap: 2 });
  for (const table of paper.tables) drawTable(doc, table);
  foot(doc, paper.foot);
  doc.end();
  return done;
}

function drawTable(doc: PDFKit.PDFDocument, table: ReportTable): void {
  doc.moveDown(1.2).font("Helvetica-Bold").fontSize(12).fillColor(INK).text(latin(table.title), MARGIN);
  doc.moveDown(0.3).fontSize(9);
  row(doc, table.heads, SOFT);
  doc.font("Helvetica");
  for (const cells of table.rows) row(doc, cells, INK);
}

function row(doc: PDFKit.PDFDocument, cells: string[], colour: string): void {
  const [first = "", ...figures] = cells;
  const narrow = Math.min(80, (WIDTH * 0.6) / Math.max(1, figures.length));
  const wide = WIDTH - narrow * figures.length;
  const height = doc.heightOfString(latin(first), { width: wide - 8 }) + 7;
  if (doc.y + height > doc.page.height - MARGIN - 20) doc.addPage();
  const y = doc.y;
  doc.fillColor(colour).text(latin(first), MARGIN, y + 3, { width: wide - 8 });
  for (const [i, text] of figures.entries())
    doc.text(latin(text), MARGIN + wide + narrow * i, y + 3, { width: narrow, align: "right" });
  doc
    .moveTo(MARGIN, y + height)
    .lineTo(MARGIN + WIDTH, y + height)
    .lineWidth(0.5)
    .strokeColor(RULE)
    .stroke();
  doc.x = MARGIN;
  doc.y = y + height;
}

function foot(doc: PDFKit.PDFDocument, words: string): void {
  const { count } = doc.bufferedPageRange();
  for (let i = 0; i < count; i++) {
    doc.switchToPage(i);
    // Below the margin pdfkit would begin a new page.
    doc.page.margins.bottom = 0;
    doc.font("Helvetica").fontSize(8).fillColor(SOFT);
    doc.text(latin(`${words} · ${i + 1}/${count}`), MARGIN, doc.page.height - 40, { width: WIDTH, lineBreak: false });
  }
}

/** The letters that the standard fonts have (Windows-1252). */
function latin(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\u2009\u202f\u00a0]/g, " ")
    .replace(
      /[^\u0020-\u007e\u00a1-\u00ff\u20ac\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\u0152\u0153\u0160\u0161\u017d\u017e]/gu,
      "?",
    );
}
