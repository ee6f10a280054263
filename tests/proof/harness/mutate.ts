import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildWorker, sourcesHash } from "../../../scripts/parts/build.mjs";
import { PROJECT } from "../../../scripts/parts/settings.mjs";
import type { Change, Mutant } from "../mutants.ts";

/** What the proof needs of the project, beside its packages and the built pages. */
const PARTS = ["app", "db", "lib", "messages", "public", "scripts", "tests", "workers"];
const FILES = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "proxy.ts",
  "next.config.ts",
  "postcss.config.mjs",
];

/** Changes the text of a file. @throws when the piece is not there, or more than once: the mutant has to be written anew */
export function changed(text: string, { file, from, to }: Change): string {
  const times = text.split(from).length - 1;
  if (times !== 1) throw new Error(`${file} holds ${times} times: ${from.trim().slice(0, 120)}`);
  return text.replace(from, () => to);
}

/** Whether every change of every mutant still applies. @returns what does not, in words */
export function staleChanges(mutants: Mutant[]): string[] {
  return mutants.flatMap(({ name, changes }) => {
    const texts = new Map<string, string>();
    return changes.flatMap((change) => {
      try {
        texts.set(
          change.file,
          changed(texts.get(change.file) ?? readFileSync(join(PROJECT, change.file), "utf8"), change),
        );
        return [];
      } catch (error) {
        return [`${name}: ${(error as Error).message}`];
      }
    });
  });
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export type Caught = { red: boolean; line: string };

/** Runs one fault on a copy of the project with these changes in it. `changes` may be none: then it must be green. */
export async function runOn(o: { changes: Change[]; fault: string; seed: number }): Promise<Caught> {
  mkdirSync(join(PROJECT, ".assenso"), { recursive: true });
  const folder = mkdtempSync(join(PROJECT, ".assenso/mutant-"));
  try {
    await copy(folder, o.changes);
    const said = await proofIn(folder, o);
    const line = said.split("\n").find((one) => one.startsWith(`${o.fault} · `));
    if (!line) throw new Error(`the proof did not come to ${o.fault}:\n${said.slice(-2000)}`);
    const why = said
      .split("\n")
      .find((one) => one.startsWith("    "))
      ?.trim();
    return { red: /· FAILED ·/.test(line), line: why ? `${line} · ${why.slice(0, 160)}` : line };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function copy(folder: string, changes: Change[]): Promise<void> {
  for (const name of [...PARTS, ...FILES]) cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
  // Packages and clusters are shared.
  for (const name of ["node_modules", ".assenso"]) symlinkSync(join(PROJECT, name), join(folder, name));
  for (const change of changes) {
    const file = join(folder, change.file);
    writeFileSync(file, changed(readFileSync(file, "utf8"), change));
  }
  // The pages are those of the project: none of the mistakes is in them.
  if (existsSync(join(PROJECT, ".next"))) symlinkSync(join(PROJECT, ".next"), join(folder, ".next"));
  cpSync(join(PROJECT, "dist"), join(folder, "dist"), { recursive: true });
  await buildWorker(folder, join(folder, "dist"));
  writeFileSync(join(folder, "dist/build.json"), JSON.stringify({ hash: sourcesHash(folder) }));
}

function proofIn(folder: string, o: { fault: string; seed: number }): Promise<string> {
  const given = { ids: [o.fault], form: "quick", seed: o.seed, mutants: false, write: false };
  const child = spawn(process.execPath, ["--import", "tsx", "tests/proof/harness/main.ts", JSON.stringify(given)], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => void child.kill("SIGTERM");
  for (const signal of SIGNALS) process.on(signal, stop);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) =>
    child.once("close", () => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve(said);
    }),
  );
}
