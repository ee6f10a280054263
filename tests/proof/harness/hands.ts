import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Fault, Form } from "./fault.ts";
import type { Answer } from "./hand.ts";

type Hand = { process: ChildProcess; gone: Promise<never> };
type Task = { fault: Fault; form: Form; seed: number; done(answer: Answer): void; fail(error: Error): void };

/**
 * Runs faults side by side, most of whose time is waiting, in processes with a PostgreSQL each, so that the crash of one is nobody else's.
 * The longest begin first; those that measure rates run last, with nothing beside them.
 */
export class Hands {
  private readonly idle: Hand[];
  private readonly all: Hand[];
  private readonly waiting: Task[] = [];
  private asked = false;
  private dead = 0;

  private constructor(all: Hand[]) {
    this.all = all;
    this.idle = [...all];
  }

  /** @param dist where worker.mjs, web.mjs and assenso.mjs lie */
  static async open(n: number, dist: string): Promise<Hands> {
    const file = join(import.meta.dirname, "hand.ts");
    const all = Array.from({ length: n }, () => start(file, dist));
    await Promise.all(all.map((one) => Promise.race([once(one.process, "message"), one.gone])));
    return new Hands(all);
  }

  /** Runs a fault when its turn comes. */
  run(fault: Fault, o: { form: Form; seed: number }): Promise<Answer> {
    return new Promise((done, fail) => {
      this.waiting.push({ fault, ...o, done, fail });
      const weight = (task: Task) => (task.fault.alone ? -1 : (task.fault.minutes ?? 1));
      this.waiting.sort((a, b) => weight(b) - weight(a));
      // All that are asked for at one moment are sorted before the first begins.
      if (!this.asked) setImmediate(() => this.deal());
      this.asked = true;
    });
  }

  /** Those that have not begun never do: who asked for them waits for nothing. */
  drop(): void {
    for (const { fail } of this.waiting.splice(0)) fail(new Error("stopped before its turn"));
  }

  private deal(): void {
    this.asked = false;
    for (let task = this.waiting[0]; task; task = this.waiting[0]) {
      const others = this.all.length - this.dead - this.idle.length;
      if (this.idle.length === 0 || (task.fault.alone && others > 0)) return;
      this.waiting.shift();
      const hand = this.idle.shift() as Hand;
      void this.give(hand, task);
      if (task.fault.alone) return;
    }
  }

  private async give(hand: Hand, { fault, form, seed, done, fail }: Task): Promise<void> {
    try {
      const answer = once(hand.process, "message");
      hand.process.send({ id: fault.id, form, seed });
      done(((await Promise.race([answer, hand.gone])) as [Answer])[0]);
    } catch (error) {
      fail(error as Error);
      // With nobody left to run them, those that wait are told so.
      if (++this.dead === this.all.length) this.drop();
      return;
    }
    this.idle.push(hand);
    this.deal();
  }

  async close(): Promise<void> {
    await Promise.all(
      this.all.map(({ process, gone }) => {
        if (process.connected) process.disconnect();
        return gone.catch(() => undefined);
      }),
    );
  }
}

function start(file: string, dist: string): Hand {
  const process = fork(file, [dist], { execArgv: ["--import", "tsx"] });
  const gone = once(process, "exit").then(([code, signal]) => {
    throw new Error(`a process of the proof ended (${code ?? signal})`);
  });
  gone.catch(() => undefined);
  return { process, gone };
}
