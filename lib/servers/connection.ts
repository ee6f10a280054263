import NodemailerConnection from "nodemailer/lib/smtp-connection/index.js";
import { wireAddress } from "../text/address.ts";
import { type Answer, ConnectFailure } from "./answer.ts";
import { type Certificate, certificateOf, isPinned } from "./certificate.ts";
import type { Target } from "./target.ts";
import { type Line, Watch } from "./watch.ts";
import { onTheWire, readyMessage, type Wire } from "./wire.ts";

/** Everything that a connection needs; the password in clear, for as long as the connection lives. */
export type Route = {
  target: Target;
  encryption: "none" | "starttls" | "tls";
  credentials?: Credentials;
  /** EHLO name (`ehloName`). */
  name: string;
  /** SHA-256 of the one certificate that is accepted though it does not hold (AU-03). */
  pin?: Buffer;
};

/** `token` gives an access token of OAuth2: a new one, where the server has refused `not`. */
export type Credentials = { user: string; pass: string } | { user: string; token(not?: string): Promise<string> };

export type SmtpConnection = {
  /** Hands over one message for one recipient. Never throws: whatever happened is in the answer. */
  send(envelope: { from: string; to: string }, message: Buffer | Wire): Promise<Answer>;
  /** False once it ended or failed: it must not be used again. */
  usable(): boolean;
  /** Says goodbye; resolves when the server has taken leave, or after two seconds. */
  quit(): Promise<void>;
  /** Lets go at once. */
  close(): void;
};

export type ConnectOptions = {
  /** Milliseconds: to connect, greet and sign in · for MAIL, RCPT and DATA together · of silence after the message (RFC 5321 4.5.3.2.6: ten minutes). */
  connectMs?: number;
  envelopeMs?: number;
  silenceMs?: number;
  /** Each line of the talk, credentials left out. */
  onLine?: (line: Line) => void;
  /** What the certificate says, before it is judged against a pin. */
  onCertificate?: (certificate: Certificate) => void;
};

type Failure = Error & { code?: string; command?: string; response?: string; responseCode?: number };

/**
 * Opens a connection to a server that `checkTarget` let through, encrypts and signs in as the route says; never falls back to plain text.
 * @throws ConnectFailure
 */
export function connectSmtp(route: Route, o: ConnectOptions = {}): Promise<SmtpConnection> {
  const watch = new Watch(o.onLine);
  const connection = new NodemailerConnection({
    host: route.target.address,
    port: route.target.port,
    servername: route.target.servername,
    name: route.name,
    secure: route.encryption === "tls",
    requireTLS: route.encryption === "starttls",
    ignoreTLS: route.encryption === "none",
    connectionTimeout: o.connectMs ?? 30_000,
    greetingTimeout: o.connectMs ?? 30_000,
    socketTimeout: o.silenceMs ?? 600_000,
    transactionLog: true,
    logger: watch.logger() as never,
    // With a pin the library lets every certificate through, and `isPinned` judges before anything but EHLO was said.
    tls: { minVersion: "TLSv1.2", rejectUnauthorized: route.pin === undefined },
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Failure) => {
      reject(new ConnectFailure(failure(error, watch))); // before close(), which says "end" at once
      connection.close();
    };
    connection.on("error", fail); // for ever: a late error of a dead connection has nowhere else to go
    connection.once("end", () => fail(new Error("connection ended")));
    connection.connect((error) => {
      if (error) return fail(error as Failure);
      const certificate = certificateOf(connection._socket);
      if (certificate) o.onCertificate?.(certificate);
      if (route.pin && route.encryption !== "none" && !isPinned(connection._socket, route.pin))
        return fail(new Error("the certificate is not the one that was accepted"));
      // The login answers through its own callback; without one the server takes mail by address.
      if (!route.credentials) return resolve(wrap(connection, watch, o));
      signIn(connection, route.credentials, (refused) =>
        refused ? fail(refused) : resolve(wrap(connection, watch, o)),
      );
    });
  });
}

/** Signs in with a password, or by SASL XOAUTH2: with a token, and with a new one where that is refused (some say 334 first, some 535 at once). */
function signIn(connection: NodemailerConnection, credentials: Credentials, done: (refused?: Failure) => void): void {
  if ("pass" in credentials) {
    connection.login({ credentials }, (refused) => done(refused as Failure));
    return;
  }
  const used: string[] = [];
  const oauth2 = {
    getToken: (_again: boolean, give: (error: Error | null, token?: string) => void) =>
      void credentials.token(used.at(-1)).then((fresh) => {
        used.push(fresh);
        give(null, fresh);
      }, give),
    buildXOAuth2Token: (token: string) =>
      Buffer.from(`user=${credentials.user}\x01auth=Bearer ${token}\x01\x01`).toString("base64"),
  };
  const enter = (last: boolean) =>
    connection.login({ user: credentials.user, oauth2 } as never, (refused) => {
      if (!last && (refused as Failure | null)?.responseCode === 535 && used.length === 1) enter(true);
      else done(refused as Failure);
    });
  enter(false);
}

function failure(error: Failure, watch: Watch): Answer {
  const command =
    error.code === "EAUTH"
      ? "auth"
      : error.code === "ETLS" || /certificate|SSL|TLS/i.test(error.message)
        ? "tls"
        : "connect";
  return {
    ...(error.responseCode ? { code: error.responseCode } : {}),
    reply: error.response ?? error.message,
    command,
    begun: false,
    untouched: !watch.mailWritten,
  };
}

const BEYOND_ASCII = /[^\x20-\x7e]/;

/** RFC 6531 3.3: an address beyond ASCII goes only to a server that takes them, never mangled (B12): ours is the answer that such a server gives (3.7.4.2). */
const NO_UTF8 = (command: "mail" | "rcpt"): Answer => ({
  code: 553,
  reply: "553 5.6.7 the server takes no internationalized addresses",
  ...{ command, begun: false, untouched: true },
});

function wrap(connection: NodemailerConnection, watch: Watch, o: ConnectOptions): SmtpConnection {
  let broken = false;
  connection.on("error", () => {
    broken = true;
  });
  return {
    usable: () => !broken && !connection.destroyed,
    quit: () => quit(connection),
    close: () => connection.close(),
    async send(typed, given) {
      const envelope = { from: wireAddress(typed.from), to: wireAddress(typed.to) };
      if (!watch.utf8 && BEYOND_ASCII.test(envelope.from)) return NO_UTF8("mail");
      if (!watch.utf8 && BEYOND_ASCII.test(envelope.to)) return NO_UTF8("rcpt");
      const message = Buffer.isBuffer(given) ? onTheWire(given) : given;
      let written = Number.POSITIVE_INFINITY;
      watch.reset(() => {
        written = connection._socket ? connection._socket.bytesWritten : written;
      });
      const answer = await transact(connection, watch, { envelope, message, ms: o.envelopeMs ?? 120_000 });
      answer.flushed = hasLeft(connection, written + message.length);
      const answered = answer.code !== undefined && answer.code !== 421;
      if (!answered) broken = true;
      // After a refused MAIL, RCPT or DATA the transaction is still open on the other side.
      if (answered && !answer.untouched && answer.command !== "message") broken = !(await reset(connection));
      if (broken) connection.close();
      return answer;
    },
  };
}

function transact(
  connection: NodemailerConnection,
  watch: Watch,
  m: { envelope: { from: string; to: string }; message: Wire; ms: number },
): Promise<Answer> {
  return new Promise((resolve) => {
    // Our own shorter patience ends with 354: after it only the server's answer, or ten minutes of silence, may end the wait.
    const patience = setTimeout(() => {
      if (watch.begun) return;
      resolve({ reply: "no answer to the envelope", command: "connect", begun: false, untouched: !watch.mailWritten });
      connection.close();
    }, m.ms);
    connection.send(
      { from: m.envelope.from, to: [m.envelope.to], size: m.message.length },
      readyMessage(m.message),
      (error, info) => {
        clearTimeout(patience);
        resolve(
          error
            ? refusal(error as Failure, watch)
            : {
                code: Number(info?.response.slice(0, 3)),
                reply: info?.response ?? "",
                command: "message",
                begun: true,
                untouched: false,
              },
        );
      },
    );
  });
}

const COMMANDS: Record<string, Answer["command"]> = { "MAIL FROM": "mail", "RCPT TO": "rcpt", DATA: "data" };

/**
 * What a failed send says. With a reply code to MAIL, RCPT or DATA it is that answer, whatever was seen: the commands are pipelined, so that 354 may
 * follow a refused RCPT. Every other failure is one without an answer, also when the other side wrote half a line before it went.
 */
function refusal(error: Failure, watch: Watch): Answer {
  const facts = { begun: watch.begun, untouched: !watch.mailWritten };
  const command = COMMANDS[error.command ?? ""];
  if (error.responseCode && command) {
    return {
      ...facts,
      code: error.responseCode,
      reply: error.response ?? "",
      command: error.code === "EMESSAGE" ? "message" : command,
    };
  }
  // 421 may answer anything before it closes (RFC 5321 4.2); after 354 it is the answer to the message only when the library says so, above.
  if (error.responseCode === 421 && !watch.begun)
    return { ...facts, code: 421, reply: error.response ?? "", command: "connect" };
  if (error.code === "EMESSAGE" && error.command === "MAIL FROM")
    return { ...facts, code: 552, reply: "552 5.3.4 larger than the server takes", command: "mail" };
  // The library refused the envelope itself: nothing was said to the server.
  if (error.code === "EENVELOPE")
    return { ...facts, code: 553, reply: "553 refused before it was sent", command: "rcpt" };
  return { ...facts, reply: error.message, command: "connect" };
}

/** So many bytes were written in all, and nothing waits: a server may answer before it has a message, and what it then takes must not be another one's. */
function hasLeft(connection: NodemailerConnection, bytes: number): boolean {
  const socket = connection._socket;
  return socket ? socket.writableLength === 0 && socket.bytesWritten >= bytes : false;
}

function quit(connection: NodemailerConnection): Promise<void> {
  return new Promise((resolve) => {
    if (connection.destroyed) return resolve();
    const late = setTimeout(() => connection.close(), 2000);
    connection.once("end", () => {
      clearTimeout(late);
      resolve();
    });
    connection.quit();
  });
}

function reset(connection: NodemailerConnection): Promise<boolean> {
  return new Promise((resolve) => {
    if (connection.destroyed) return resolve(false);
    const late = setTimeout(() => resolve(false), 10_000);
    const done = (ok: boolean) => {
      clearTimeout(late);
      resolve(ok);
    };
    connection.once("end", () => done(false));
    connection.reset((error) => done(!error));
  });
}
