import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { WITH_PACKAGES } from "../../scripts/parts/bundle.mjs";
import { ownPlace } from "../../scripts/parts/test-build.mjs";

const OUT = join(import.meta.dirname, "../../node_modules/.cache/assenso-tests");

/** Builds a file as the program's processes are built: a process of it starts in a third of a second. Answers with the built file. */
export async function builtFile(entry: string): Promise<string> {
  const outfile = join(OUT, `${basename(entry, ".ts")}-${process.pid}.mjs`);
  await build({
    ...{ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", ...WITH_PACKAGES },
    ...{ target: "node20", sourcemap: "inline", sourcesContent: false, logLevel: "error", plugins: [ownPlace] },
  });
  process.once("exit", () => rmSync(outfile, { force: true }));
  return outfile;
}

/** Builds a file of this folder. */
export const built = (entry: string): Promise<string> => builtFile(join(import.meta.dirname, `${entry}.ts`));

/** Builds the program's worker. */
export const builtWorker = (): Promise<string> => builtFile(join(import.meta.dirname, "../../workers/main.ts"));

export type Worker = {
  pid: number;
  ready: Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<{ code: number | null }>;
  said(): string;
  /** Closes the channel, as a parent does that was killed. */
  leave(): void;
  gone(): boolean;
};

/** Starts the program's worker over a test's database, as scripts/start.mjs does: settings from outside, a channel that says when it is ready. */
export function startWorker(
  t: { after(work: () => Promise<void>): void },
  file: string,
  env: Record<string, string>,
  flags: string[] = [],
): Worker {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [...flags, "--enable-source-maps", file], {
    env: { ...(PATH ? { PATH } : {}), ...(HOME ? { HOME } : {}), NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-20_000);
    });
  const ready = new Promise<void>((resolve, reject) => {
    child.on("message", (message: { ready?: boolean }) => (message.ready ? resolve() : undefined));
    child.once("exit", (code, signal) =>
      reject(new Error(`the worker ended (${code ?? signal}): ${text.slice(-2000)}`)),
    );
  });
  ready.catch(() => undefined);
  const kill = async (signal: NodeJS.Signals = "SIGKILL") => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill(signal);
      await gone;
    }
    return { code: child.exitCode };
  };
  t.after(async () => void (await kill()));
  const gone = () => child.exitCode !== null || child.signalCode !== null;
  return { pid: child.pid ?? 0, ready, kill, said: () => text, leave: () => child.disconnect(), gone };
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
