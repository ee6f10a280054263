import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { PROJECT } from "../../../scripts/parts/settings.mjs";

/** The machine and its load, in one line. */
export function machine(): string {
  const memory = Math.round(totalmem() / 1e9);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return `${availableParallelism()} cores, ${memory} GB, Node ${process.versions.node}, PostgreSQL 18, load ${load}`;
}

/** Puts the lines of a run in the place of a section of docs/proof.md. */
export function writeDown(section: "Faults" | "Mutants", head: string, lines: string[]): void {
  const page = join(PROJECT, "docs/proof.md");
  const parts = readFileSync(page, "utf8").split(/^(?=## )/m);
  const day = new Date(Date.now()).toISOString().slice(0, 10);
  const text = `## ${section}\n\n${day}, ${head}, ${machine()}\n\n${lines.map((line) => `- ${line}`).join("\n")}\n`;
  const found = parts.findIndex((part) => part.startsWith(`## ${section}\n`));
  if (found < 0) throw new Error(`docs/proof.md has no section ${section}`);
  parts[found] = found < parts.length - 1 ? `${text}\n` : text;
  writeFileSync(page, parts.join(""));
}
