import { createHash } from "node:crypto";
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";

/** Where a scripted server misbehaves. */
export const POINTS = ["greeting", "ehlo", "mail", "rcpt", "data", "body", "dot"] as const;
export type Point = (typeof POINTS)[number];
export type Script = {
  /** At this point: end the connection, reset it, or fall silent. */
  at?: Point;
  how?: "close" | "reset" | "silent";
  /** Replies instead of the usual ones, by command. */
  replies?: Partial<Record<"greeting" | "mail" | "rcpt" | "data" | "dot", string>>;
};
export type Kept = {
  at: number;
  /** When its MAIL came. */
  begun: number;
  from: string;
  to: string;
  messageId: string;
  sha256: string;
  size: number;
};
/** Read anew at each step: a test may change them while the sink runs. */
export type SinkOptions = {
  /** Where to listen; without it any free port. */
  port?: number;
  /** File that a line is written and fsynced to before 250; without it messages are only counted. */
  ledger?: string;
  pipelining?: boolean;
  /** What to do with a transaction; asked at each step with the recipient, where it is known. */
  script?: (facts: { from: string; to: string; nth: number }) => Script | undefined;
  /** Milliseconds before the final reply. */
  slow?: number | ((to: string) => number);
  /** Called with each MAIL, before it is answered. */
  onMail?: (at: number) => void;
  /** Called with each message that came in whole, whatever is answered. */
  onCame?: (kept: Kept) => void;
  /** Called with each message that will be accepted; 250 waits for it. */
  onKept?: (kept: Kept, message: Buffer) => Promise<void>;
  /** More at once are answered 421. */
  connections?: number;
  keep?: boolean;
};
export type Sink = {
  port: number;
  kept: Kept[];
  /** Every message that came in whole, also those that were refused after it. */
  tried: Kept[];
  sources: Buffer[];
  /** Most connections at once, and commands seen. */
  peak: () => number;
  lines: string[];
  close(): Promise<void>;
};

/**
 * An SMTP server for tests, over bare sockets so that it can fail at each point of the talk and that its bytes are what came in.
 * With a ledger it fsyncs before it answers 250: what it accepted is known, also after the sender was killed.
 */
export async function startSink(o: SinkOptions = {}): Promise<Sink> {
  const file = o.ledger ? openSync(o.ledger, "a") : undefined;
  const sink = { kept: [] as Kept[], tried: [] as Kept[], sources: [] as Buffer[], lines: [] as string[] };
  const open = new Set<Socket>();
  let [peak, nth] = [0, 0];
  const server: Server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    peak = Math.max(peak, open.size);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => undefined);
    const tooMany = o.connections !== undefined && open.size > o.connections;
    new Talk(socket, o, {
      nth: () => nth++,
      line: (text) => void (o.keep && sink.lines.push(text)),
      mail: (at) => o.onMail?.(at),
      came(message, envelope) {
        if (o.keep) sink.tried.push(entry(message, envelope));
        if (o.onCame) o.onCame(entry(message, envelope));
      },
      keep: (message, envelope) => {
        const kept = entry(message, envelope);
        if (file !== undefined) {
          writeSync(file, `${JSON.stringify(kept)}\n`);
          fdatasyncSync(file);
        }
        if (o.onKept) return o.onKept(kept, message);
        sink.kept.push(kept);
        if (o.keep) sink.sources.push(message);
      },
    }).begin(tooMany ? "421 4.7.0 too many connections" : undefined);
  });
  await new Promise<void>((resolve) => server.listen(o.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    ...sink,
    peak: () => peak,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => {
          if (file !== undefined) closeSync(file);
          resolve();
        });
      }),
  };
}

/** What a ledger holds. */
export function readLedger(path: string): Kept[] {
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Kept);
}

type Envelope = { begun: number; from: string; to: string };

function entry(message: Buffer, envelope: Envelope): Kept {
  const messageId = /^message-id:\s*(\S+)/im.exec(message.subarray(0, 8192).toString("latin1"))?.[1] ?? "";
  const sha256 = createHash("sha256").update(message).digest("hex");
  return { at: Date.now(), ...envelope, messageId, sha256, size: message.length };
}

type Hooks = {
  nth(): number;
  line(text: string): void;
  mail(at: number): void;
  came(message: Buffer, envelope: Envelope): void;
  keep(message: Buffer, envelope: Envelope): Promise<void> | undefined;
};

class Talk {
  private rest: Buffer = Buffer.alloc(0);
  private body: Buffer | undefined;
  private from = "";
  private to = "";
  private number = 0;
  private begun = 0;
  private stopped = false;
  private socket: Socket;
  private o: SinkOptions;
  private hooks: Hooks;

  constructor(socket: Socket, o: SinkOptions, hooks: Hooks) {
    this.socket = socket;
    this.o = o;
    this.hooks = hooks;
    socket.on("data", (chunk) => this.take(chunk as Buffer));
  }

  begin(refusal?: string): void {
    if (refusal) {
      this.stopped = true;
      this.socket.end(`${refusal}\r\n`);
      return;
    }
    this.say("greeting", "220 sink.test ESMTP");
  }

  /** Replies, or fails as the script says. */
  private say(
    point: Point,
    usual: string,
    replies: keyof NonNullable<Script["replies"]> | undefined = undefined,
  ): boolean {
    const script = this.o.script?.({ from: this.from, to: this.to, nth: this.number });
    if (script?.at === point && script.how) {
      this.stop(script.how);
      return false;
    }
    const name = replies ?? (point === "greeting" ? "greeting" : undefined);
    const reply = (name && script?.replies?.[name]) ?? usual;
    this.socket.write(`${reply}\r\n`);
    if (reply.startsWith("421")) this.stop("close");
    return /^[23]/.test(reply);
  }

  private stop(how: "close" | "reset" | "silent"): void {
    this.stopped = true;
    if (how === "close") this.socket.end();
    if (how === "reset") this.socket.resetAndDestroy();
  }

  private take(chunk: Buffer): void {
    if (this.stopped) return;
    if (this.body) {
      this.takeBody(chunk);
      return;
    }
    this.rest = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    // Answers to commands that came together leave together (RFC 2920 3.2).
    this.socket.cork();
    setImmediate(() => this.socket.uncork());
    for (
      let end = this.rest.indexOf("\r\n");
      end >= 0 && !this.body && !this.stopped;
      end = this.rest.indexOf("\r\n")
    ) {
      const line = this.rest.subarray(0, end).toString("utf8");
      this.rest = this.rest.subarray(end + 2);
      this.command(line);
    }
    if (this.body && this.rest.length) {
      const more = this.rest;
      this.rest = Buffer.alloc(0);
      this.takeBody(more);
    }
  }

  private command(line: string): void {
    this.hooks.line(line);
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "EHLO" || verb === "HELO") {
      this.say(
        "ehlo",
        `250-sink.test${this.o.pipelining === false ? "" : "\r\n250-PIPELINING"}\r\n250-SIZE 30000000\r\n250 8BITMIME`,
      );
    } else if (verb === "MAIL") {
      this.number = this.hooks.nth();
      this.begun = Date.now();
      this.hooks.mail(this.begun);
      this.from = /<([^>]*)>/.exec(line)?.[1] ?? "";
      this.to = "";
      if (!this.say("mail", "250 2.1.0 ok", "mail")) this.from = "";
    } else if (verb === "RCPT" && !this.from) {
      this.socket.write("503 5.5.1 MAIL first\r\n");
    } else if (verb === "RCPT") {
      this.to = /<([^>]*)>/.exec(line)?.[1] ?? "";
      if (!this.say("rcpt", "250 2.1.5 ok", "rcpt") && !this.stopped) this.to = "";
    } else if (verb === "DATA") {
      const asked = this.o.script?.({ from: this.from, to: this.to, nth: this.number })?.replies?.data;
      if (!this.to && !asked) this.socket.write("503 5.5.1 no recipient\r\n");
      else if (this.say("data", "354 go on", "data")) {
        this.body = Buffer.alloc(0);
        const script = this.o.script?.({ from: this.from, to: this.to, nth: this.number });
        if (script?.at === "body" && script.how === "silent") this.stopped = true;
      }
    } else if (verb === "QUIT") {
      this.stopped = true;
      this.socket.end("221 2.0.0 bye\r\n");
    } else if (verb === "RSET" || verb === "NOOP") this.socket.write("250 2.0.0 ok\r\n");
    else this.socket.write("502 5.5.2 unknown\r\n");
  }

  private takeBody(chunk: Buffer): void {
    const script = this.o.script?.({ from: this.from, to: this.to, nth: this.number });
    if (script?.at === "body" && script.how) {
      this.stop(script.how);
      return;
    }
    // The CRLF of the DATA line stands before the first line: a lone dot ends an empty message.
    const before = this.body?.length ? this.body : Buffer.from("\r\n");
    this.body = Buffer.concat([before, chunk]);
    const end = this.body.indexOf("\r\n.\r\n", Math.max(0, before.length - 4));
    if (end < 0) return;
    const message = unstuffed(this.body.subarray(2, end + 2));
    this.rest = Buffer.from(this.body.subarray(end + 5));
    this.body = undefined;
    this.finish(message);
  }

  private finish(message: Buffer): void {
    const envelope = { begun: this.begun, from: this.from, to: this.to };
    const script = this.o.script?.({ from: this.from, to: this.to, nth: this.number });
    const reply = script?.replies?.dot ?? "250 2.0.0 kept";
    const answer = () => {
      if (this.socket.destroyed) return;
      if (this.say("dot", "250 2.0.0 kept", "dot")) this.to = "";
      if (this.rest.length) this.take(Buffer.alloc(0));
    };
    this.hooks.came(message, envelope);
    if (!this.to) {
      this.socket.write("554 5.5.1 no valid recipients\r\n");
      return;
    }
    const written = reply.startsWith("2") ? this.hooks.keep(message, envelope) : undefined;
    const slow = typeof this.o.slow === "function" ? this.o.slow(this.to) : this.o.slow;
    if (written) void written.then(() => (slow ? setTimeout(answer, slow) : answer()));
    else if (slow) setTimeout(answer, slow);
    else answer();
  }
}

/** RFC 5321 4.5.2: the leading dot of a line that began with one was doubled. */
function unstuffed(message: Buffer): Buffer {
  if (!message.includes("\n..") && !message.subarray(0, 2).equals(Buffer.from(".."))) return message;
  return Buffer.from(message.toString("latin1").replace(/(^|\r\n)\.\./g, "$1."), "latin1");
}
