import { connect, createServer, type Socket } from "node:net";

export type Proxy = {
  /** The same address through the proxy. */
  url: string;
  /** Swallows the answer to the next message that holds this text, after it reached the server, and ends that connection. */
  swallow(text: string): void;
  /** The same, and from that moment on nobody gets through until `back`. */
  swallowAndGo(text: string): void;
  back(): void;
  /** Lets the answer to the next message that holds this text come so many milliseconds later. */
  delay(text: string, ms: number): void;
  /** How many answers were swallowed. */
  swallowed(): number;
  close(): Promise<void>;
};

/** A TCP proxy in front of PostgreSQL that can lose an answer: what was asked for has happened, and the asker does not know. */
export async function startProxy(target: string): Promise<Proxy> {
  const to = new URL(target);
  const open = new Set<Socket>();
  let [armed, count]: [string | undefined, number] = [undefined, 0];
  let slow: { text: string; ms: number } | undefined;
  let [goes, away] = [false, false];
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  const server = createServer((near) => {
    if (away) return near.destroy();
    const far = connect(Number(to.port), to.hostname);
    let [doomed, late] = [false, 0];
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        open.delete(socket);
        near.destroy();
        if (socket === near && !doomed) far.end();
      });
    }
    near.on("data", (chunk) => {
      if (armed !== undefined && chunk.includes(armed)) {
        armed = undefined;
        doomed = true;
      }
      if (slow && chunk.includes(slow.text)) {
        late = slow.ms;
        slow = undefined;
      }
      far.write(chunk);
    });
    far.on("data", (chunk) => {
      if (late > 0) {
        setTimeout(() => near.write(chunk), late);
        if (chunk.includes("COMMIT")) late = 0;
      } else if (!doomed) near.write(chunk);
      else if (chunk.includes("COMMIT")) {
        count++;
        near.destroy();
        far.destroy();
        away = goes;
        if (away) endAll();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url: url.href,
    swallow: (text) => {
      armed = text;
    },
    swallowAndGo: (text) => {
      [armed, goes] = [text, true];
    },
    back: () => {
      [goes, away] = [false, false];
    },
    delay: (text, ms) => {
      slow = { text, ms };
    },
    swallowed: () => count,
    close: () =>
      new Promise((resolve) => {
        endAll();
        server.close(() => resolve());
      }),
  };
}
