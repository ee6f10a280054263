import type { Answer } from "../servers/answer.ts";
import type { Server } from "../servers/types.ts";
import type { Wire } from "../servers/wire.ts";
import type { Connections, Line } from "./connections.ts";
import { Pace } from "./lane-pace.ts";
import { Signal } from "./signal.ts";
import type { World } from "./world.ts";

/** How often a lane looks when nobody rings. */
export const LOOK_MS = 1000;

/** What the parts of a lane share: the server, its connections, how many of them are at work, and until when campaigns wait for a window. */
export class LaneState {
  readonly w: World;
  server: Server;
  readonly connections: Connections;
  readonly signal = new Signal();
  readonly pace = new Pace();
  /** Connections that are writing. */
  busy = 0;
  stopping = false;
  /** Until when campaigns stand still: for a window of the server that is used up, for anything else. */
  private windowUntil = 0;
  private heldUntil = 0;
  usedAt = performance.now();
  lookAt = 0;

  constructor(w: World, server: Server, connections: (state: LaneState) => Connections) {
    this.w = w;
    this.server = server;
    this.connections = connections(this);
  }

  /** Campaigns stand still for so long, five looks at most. */
  limit(ms: number): void {
    this.heldUntil = performance.now() + Math.max(5, Math.min(ms, LOOK_MS * 5));
  }

  /** They wait for a window, until the next look that finds room: limits may be changed meanwhile. 0: there is some. */
  waitForWindow(ms: number): void {
    this.windowUntil = ms === 0 ? 0 : performance.now() + Math.max(5, Math.min(ms, LOOK_MS * 5));
  }

  get limitedUntil(): number {
    return Math.max(this.windowUntil, this.heldUntil);
  }

  limited(): boolean {
    return performance.now() < this.limitedUntil;
  }

  /** Something may have become due. */
  wake(): void {
    this.lookAt = 0;
    this.signal.wake();
  }

  /** Hands one message to the server over a connection, and keeps how long it took. */
  async carry(line: Line, envelope: { from: string; to: string }, message: Buffer | Wire): Promise<Answer> {
    const ended = this.pace.begun();
    const answer = await line.smtp.send(envelope, message);
    ended(answer.code !== undefined && answer.code !== 421);
    return answer;
  }

  /** Runs what a connection does; the lane goes on when it is done. */
  work(done: Promise<void>): void {
    this.busy++;
    this.usedAt = performance.now();
    done.finally(() => {
      this.busy--;
      this.signal.wake();
    });
  }
}

/** PostgreSQL itself refused the statement (and so rolled it back); everything else leaves a COMMIT in doubt. */
export function isRefusal(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? "";
  return /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P|58|XX)/.test(code);
}

/** What a log may say of an error: never its message, which may hold an address. */
export function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? (error as Error).name ?? "unknown";
}
