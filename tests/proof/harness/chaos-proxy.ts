import { connect, createServer, type Socket } from "node:net";

/**
 * A TCP proxy that fails as networks do: late, cut, reset, half open, cut short, or with an answer that gets lost after what was asked for has happened.
 */
export type ChaosProxy = {
  port: number;
  /** Milliseconds that each piece waits, in both directions. */
  latency: number;
  /** Bytes a second from the far side; 0: as they come. */
  bandwidth: number;
  /** New connections are refused while this is true. */
  closed: boolean;
  /** Ends what is open: in order, by a reset, or only on the far side while the near one hears nothing of it. */
  cut(how: "close" | "reset" | "half"): number;
  /** Passes so many bytes of the next answers, then resets that connection. */
  truncate(bytes: number): void;
  /** Swallows the answer to the next message that holds this text once it holds `until`, and ends that connection. */
  swallow(text: string, until: string): void;
  swallowed(): number;
  close(): Promise<void>;
};

type Pair = { near: Socket; far: Socket; deaf: boolean };

export async function startChaosProxy(target: { host: string; port: number }): Promise<ChaosProxy> {
  const pairs = new Set<Pair>();
  let armed: { text: string; until: string } | undefined;
  let [left, swallowed] = [-1, 0];
  const server = createServer((near) => {
    if (proxy.closed) return near.resetAndDestroy();
    const pair: Pair = { near, far: connect(target.port, target.host), deaf: false };
    pairs.add(pair);
    let doomed: string | undefined;
    near.on("data", (chunk) => {
      if (armed && chunk.includes(armed.text)) {
        doomed = armed.until;
        armed = undefined;
      }
      pass(proxy, pair.far, chunk);
    });
    pair.far.on("data", (chunk) => {
      if (pair.deaf) return;
      if (doomed !== undefined) {
        if (!chunk.includes(doomed)) return;
        swallowed++;
        return destroy(pair);
      }
      if (left >= 0 && chunk.length >= left) {
        near.write(chunk.subarray(0, left), () => near.resetAndDestroy());
        left = -1;
        return;
      }
      if (left >= 0) left -= chunk.length;
      pass(proxy, near, chunk);
    });
    const over = () => {
      if (pair.deaf && !near.destroyed) return;
      pairs.delete(pair);
      destroy(pair);
    };
    for (const socket of [near, pair.far]) socket.on("error", () => undefined).on("close", over);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: ChaosProxy = {
    port: (server.address() as { port: number }).port,
    ...{ latency: 0, bandwidth: 0, closed: false },
    cut(how) {
      const open = [...pairs];
      for (const pair of open) {
        if (how === "half") {
          pair.deaf = true;
          pair.far.destroy();
        } else if (how === "reset") {
          pair.near.resetAndDestroy();
          pair.far.resetAndDestroy();
        } else destroy(pair);
      }
      return open.length;
    },
    truncate: (bytes) => {
      left = bytes;
    },
    swallow: (text, until) => {
      armed = { text, until };
    },
    swallowed: () => swallowed,
    close: () =>
      new Promise((resolve) => {
        for (const pair of pairs) destroy(pair);
        server.close(() => resolve());
      }),
  };
  return proxy;
}

function destroy({ near, far }: Pair): void {
  near.destroy();
  far.destroy();
}

/** Until when what was sent to a socket before is on its way: bytes stay in order. */
const busyUntil = new WeakMap<Socket, number>();

function pass(proxy: ChaosProxy, to: Socket, chunk: Buffer): void {
  const now = performance.now();
  const from = Math.max(now + proxy.latency, busyUntil.get(to) ?? 0);
  const due = from + (proxy.bandwidth > 0 ? (chunk.length / proxy.bandwidth) * 1000 : 0);
  if (due <= now) return void to.write(chunk);
  busyUntil.set(to, due);
  setTimeout(() => to.write(chunk), due - now);
}
