import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export type ProcessOptions = {
  file: string;
  env: Record<string, string>;
  cwd?: string;
  /** Flags of node, before the file. */
  flags?: string[];
  /** Most open files (`ulimit -n`). */
  files?: number;
};

/** A built process of the program, started as scripts/start.mjs starts it: settings from outside, a channel that says when it is ready. */
export class Running {
  readonly ready: Promise<void>;
  /** Somebody of the proof ended it: any other end is a crash. */
  asked = false;
  /** It has said that it works. */
  began = false;
  frozen = false;
  private readonly child: ChildProcess;
  private text = "";

  constructor(o: ProcessOptions) {
    const { PATH, HOME } = process.env;
    const node = [process.execPath, ...(o.flags ?? []), o.file];
    const [command = "", ...args] = o.files ? ["sh", "-c", `ulimit -n ${o.files}; exec "$@"`, "sh", ...node] : node;
    this.child = spawn(command, args, {
      ...(o.cwd ? { cwd: o.cwd } : {}),
      env: { ...(PATH ? { PATH } : {}), ...(HOME ? { HOME } : {}), NODE_ENV: "production", ...o.env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.text = (this.text + chunk.toString()).slice(-30_000);
      });
    this.ready = new Promise((resolve, reject) => {
      this.child.on("message", (message: { ready?: boolean }) => (message.ready ? resolve() : undefined));
      this.child.once("exit", (code, signal) =>
        reject(new Error(`a process ended (${code ?? signal}): ${this.text.slice(-2000)}`)),
      );
    });
    this.ready.then(
      () => (this.began = true),
      () => undefined,
    );
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  gone(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Ended though nobody asked it to. */
  crashed(): boolean {
    return this.gone() && !this.asked;
  }

  /** Its last words. */
  said(): string {
    return this.text;
  }

  code(): number | null {
    return this.child.exitCode;
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.asked = true;
    if (this.gone()) return;
    const gone = once(this.child, "exit");
    if (this.frozen && signal !== "SIGKILL") this.thaw();
    this.child.kill(signal);
    await gone;
  }

  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void {
    this.asked = true;
    this.child.kill(signal);
  }

  freeze(): void {
    this.frozen = true;
    this.child.kill("SIGSTOP");
  }

  thaw(): void {
    this.frozen = false;
    this.child.kill("SIGCONT");
  }
}
