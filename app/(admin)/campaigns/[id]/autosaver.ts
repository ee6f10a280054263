import type { Draft } from "../../../../lib/campaigns/types.ts";

export type Change = { [K in keyof Draft]?: Draft[K] };

/** What the route answers to a save; `offline` when there was no answer. */
export type Answer =
  | { kind: "saved"; version: number; savedAt: string }
  | { kind: "conflict"; version: number; theirs: Draft }
  | { kind: "refused"; errors: Record<string, string> }
  | { kind: "failed"; code: string }
  | { kind: "offline" };

export type SaveState =
  | { kind: "saved"; at: string }
  | { kind: "waiting" | "saving"; at: string }
  | { kind: "offline"; at: string }
  | { kind: "refused"; at: string; errors: Record<string, string> }
  | { kind: "failed"; at: string; code: string }
  | { kind: "conflict"; at: string; version: number; theirs: Draft; mine: Change };

type World = {
  send(body: { version: number; change: Change }, leaving: boolean): Promise<Answer>;
  /** Runs `work` later; the answer takes it back. */
  later(ms: number, work: () => void): () => void;
  /** Survives a reload of the tab: text typed without network. */
  store: { read(): string | null; write(text: string | null): void };
  onState(state: SaveState): void;
};

const AFTER_TYPING = 2000;
const AGAIN = 15_000;

/**
 * Saves a draft by itself: 2 s after the last change, and on leaving. Without network the text stays in the tab and is sent when it returns.
 * A save that started from an older version is refused by the server; where the other one touched nothing of what changed here, both are kept,
 * else the page shows both (`conflict`) and a person decides.
 */
export function autosaver(o: { version: number; savedAt: string; base: Draft; world: World }) {
  const { world } = o;
  let [version, at, base] = [o.version, o.savedAt, o.base];
  let pending: Change = {};
  let busy: Promise<void> | undefined;
  let cancelTimer: (() => void) | undefined;
  let conflict: { version: number; theirs: Draft } | undefined;

  const tell = (state: SaveState) => world.onState(state);
  const keep = () => {
    const typed = Object.keys(pending).length > 0;
    world.store.write(typed ? JSON.stringify({ version, base: pick(base, pending), pending }) : null);
  };
  const soon = (ms: number) => {
    cancelTimer?.();
    cancelTimer = world.later(ms, () => void flush());
  };

  async function attempt(leaving: boolean): Promise<void> {
    const sent = pending;
    pending = {};
    tell({ kind: "saving", at });
    const answer = await world.send({ version, change: sent }, leaving);
    if (answer.kind === "saved") {
      [version, at, base] = [answer.version, answer.savedAt, { ...base, ...sent }];
      keep();
      if (Object.keys(pending).length > 0) soon(AFTER_TYPING);
      return tell({ kind: Object.keys(pending).length > 0 ? "waiting" : "saved", at });
    }
    pending = { ...sent, ...pending };
    if (answer.kind === "conflict" && !collides(answer.theirs)) {
      [version, base] = [answer.version, answer.theirs];
      keep();
      return attempt(leaving);
    }
    keep();
    if (answer.kind === "conflict") {
      conflict = answer;
      return tell({ kind: "conflict", at, version: answer.version, theirs: answer.theirs, mine: pending });
    }
    if (answer.kind === "offline") soon(AGAIN);
    return tell({ ...answer, at });
  }

  /** Whether they changed something that changed here too, to something else. */
  function collides(theirs: Draft): boolean {
    return parts(pending).some((part) => !equal(theirs[part], base[part]) && !equal(theirs[part], pending[part]));
  }

  /** Saves what is typed, now; resolves when there is an answer. */
  async function flush(leaving = false): Promise<void> {
    cancelTimer?.();
    cancelTimer = undefined;
    await busy;
    if (conflict || parts(pending).length === 0) return;
    busy = attempt(leaving).finally(() => {
      busy = undefined;
    });
    await busy;
  }

  return {
    flush,
    version: () => version,
    edit(change: Change): void {
      pending = { ...pending, ...change };
      for (const part of parts(pending)) if (!busy && equal(pending[part], base[part])) delete pending[part];
      keep();
      if (conflict) return;
      const typed = parts(pending).length > 0;
      tell({ kind: typed ? "waiting" : "saved", at });
      if (typed) soon(AFTER_TYPING);
    },
    /** The person's answer to a conflict: hers replaces theirs, or hers is given up. Returns what the page shows from now on. */
    async resolve(whose: "mine" | "theirs"): Promise<Draft> {
      if (conflict) [version, base] = [conflict.version, conflict.theirs];
      conflict = undefined;
      if (whose === "theirs") pending = {};
      keep();
      if (whose === "theirs") tell({ kind: "saved", at });
      else await flush();
      return { ...base, ...pending };
    },
    /** Text that an earlier life of this tab could not send; undefined when there is none. */
    recover(): Change | undefined {
      const kept = parse(world.store.read());
      if (!kept) return undefined;
      version = Math.min(version, kept.version);
      base = { ...base, ...kept.base };
      pending = kept.pending;
      tell({ kind: "waiting", at });
      soon(0);
      return pending;
    },
    stop(): void {
      cancelTimer?.();
    },
  };
}

export type Autosaver = ReturnType<typeof autosaver>;

function parts(change: Change): (keyof Draft)[] {
  return Object.keys(change) as (keyof Draft)[];
}

function equal(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) ? a.join() === b.join() : a === b;
}

function pick(base: Draft, of: Change): Change {
  return Object.fromEntries(parts(of).map((part) => [part, base[part]]));
}

function parse(text: string | null): { version: number; base: Change; pending: Change } | undefined {
  try {
    const kept = JSON.parse(text ?? "null");
    return kept && typeof kept.version === "number" && kept.pending ? kept : undefined;
  } catch {
    return undefined;
  }
}
