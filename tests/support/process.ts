import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "esbuild";

const OUT = join(import.meta.dirname, "../../node_modules/.cache/assenso-tests");

/** Builds a file of the tests so that a process of it starts in a third of a second. Answers with the built file. */
export async function built(entry: string): Promise<string> {
  const outfile = join(OUT, `${entry}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${entry}.ts`)],
    ...{
      outfile,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "error",
    },
  });
  return outfile;
}

export type Child = {
  pid: number;
  /** What it printed, a JSON object a line. */
  lines: Record<string, unknown>[];
  printed(event: string): Promise<Record<string, unknown>>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  gone(): boolean;
};

/** Starts a built file with one argument of JSON. Its lines of JSON are read as they come; it goes with the test. */
export function start(t: { after(work: () => Promise<void>): void }, file: string, argument: object): Child {
  const child: ChildProcess = spawn(process.execPath, ["--enable-source-maps", file, JSON.stringify(argument)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part.startsWith("{")) lines.push(JSON.parse(part));
    for (const tell of waiting) tell();
  });
  const kill = async (signal: NodeJS.Signals = "SIGKILL") => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  t.after(() => kill());
  return {
    pid: child.pid ?? 0,
    lines,
    kill,
    gone: () => child.exitCode !== null || child.signalCode !== null,
    printed: (event) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find((line) => line.event === event);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        child.once("exit", (code) => reject(new Error(`ended with ${code} before it printed ${event}`)));
        look();
      }),
  };
}
