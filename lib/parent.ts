/** How long a process may take to end in order, ms; its parent waits a little longer before it ends it. */
const PATIENCE = 9000;

/** Tells the process that started this one (scripts/start.mjs) that it works now. Started by hand, there is nobody to tell. */
export function sayReady(): void {
  process.send?.({ ready: true });
}

/** Tells the parent in one sentence why this process cannot start, and ends it. */
export function sayFailed(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.send?.({ failed: sentence });
  process.exit(1);
}

/**
 * Ends this process in order: `stop` runs once on SIGTERM or SIGINT, or when the parent is gone (its channel closes, also by `kill -9`:
 * nobody must go on sending or listening unwatched). Exit code 0 when it came to its end in 9 s, else 1.
 */
export function onStop(stop: () => Promise<void>): void {
  let stopping = false;
  const begin = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), PATIENCE).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${(error as Error).stack}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, begin);
  process.once("disconnect", begin);
  // The parent may be gone before this process came so far; without a parent `connected` is undefined.
  if (process.connected === false) begin();
}
