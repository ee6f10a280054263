import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Script } from "../../support/sink.ts";
import { Ledger } from "./ledger.ts";

/** Applies to transactions with this recipient (a regular expression), each n-th of the sink, or the first n of each recipient. */
export type Rule = { to?: string; every?: number; first?: number; slow?: number; script?: Script };
export type Behaviour = {
  slow?: number;
  connections?: number;
  perSecond?: number;
  rules?: Rule[] /** Writes down every message that came, also those it refused. */;
  tell?: boolean;
};

/** A receiving server in a process of its own, with its ledger on disk. */
export class RemoteSink {
  readonly ledger: Ledger;
  port = 0;
  /** Most connections at once since the last start, as of the last `behave`. */
  peak = 0;
  private child: ChildProcess | undefined;
  private readonly file: string;
  private behaviour: Behaviour;

  constructor(o: { file: string; ledger: string; behaviour: Behaviour }) {
    this.file = o.file;
    this.behaviour = o.behaviour;
    this.ledger = new Ledger(o.ledger);
  }

  /** Starts it, after a kill on the same port. */
  async start(): Promise<void> {
    const argument = { ledger: this.ledger.path, behaviour: this.behaviour, ...(this.port ? { port: this.port } : {}) };
    this.child = fork(this.file, [JSON.stringify(argument)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const [message] = (await once(this.child, "message")) as [{ port: number }];
    this.port = message.port;
  }

  async behave(behaviour: Behaviour): Promise<void> {
    this.behaviour = behaviour;
    if (!this.child?.connected) return;
    const answer = once(this.child, "message") as Promise<[{ peak: number }]>;
    this.child.send({ behaviour });
    this.peak = (await answer)[0].peak;
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  freeze(): void {
    this.child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.child?.kill("SIGCONT");
  }
}
