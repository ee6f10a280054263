/**
 * One line of a CSV file (RFC 4180), ended with CRLF. A cell that a spreadsheet would take for a formula gets an apostrophe before it
 * (ASVS 1.2.10; B28): what came from outside never runs on the reader's machine.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

/** Before the first line: without it Excel reads UTF-8 as Windows-1252. */
export const CSV_BOM = "\ufeff";

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r\0]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
