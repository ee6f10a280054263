import { eq } from "drizzle-orm";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import { outbox, sandboxMessages } from "../../db/schema/servers.ts";
import { appNow } from "../clock.ts";
import { suppressionKey } from "../crypto/address-keys.ts";
import { constantTimeEqual } from "../crypto/equal.ts";
import { seal } from "../crypto/sealed.ts";
import { isUuid } from "../crypto/uuid.ts";
import type { Services } from "../services.ts";
import { addressKey } from "../text/address.ts";
import type { SandboxAddress } from "./route.ts";

/** Larger than any campaign; a broken one must not fill the database. */
const MOST_BYTES = 10_000_000;

export type Sandbox = { address: SandboxAddress; close(): Promise<void> };

/**
 * Starts the sandbox of this process: a real SMTP server on 127.0.0.1, on a port that nobody else knows, that keeps what it takes in PostgreSQL, sealed (design: §8).
 * Other programs on the machine get nothing into it: the user is the organization, the password a secret of this process.
 */
export async function startSandbox(s: Services): Promise<Sandbox> {
  const secret = s.randomBytes(24).toString("base64url");
  const server = new SMTPServer({
    authMethods: ["PLAIN"],
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    size: MOST_BYTES,
    logger: false,
    onAuth(auth, _session, callback) {
      const right =
        constantTimeEqual(Buffer.from(auth.password ?? ""), Buffer.from(secret)) && isUuid(auth.username ?? "");
      callback(
        right ? null : new Error("authentication failed"),
        right && auth.username ? { user: auth.username } : {},
      );
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
      stream.on("end", () => {
        keep(s, session, Buffer.concat(chunks)).then(
          (id) => callback(null, `2.0.0 kept as ${id}`),
          () => callback(Object.assign(new Error("4.3.0 the sandbox could not keep it"), { responseCode: 451 })),
        );
      });
    },
  });
  server.on("error", () => undefined); // a client that went: its message is not kept, the sender knows
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
  const { port } = server.server.address() as { port: number };
  return { address: { port, secret }, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Keeps one message before 250 is said. Sealed as a whole; a person who is erased is found by her key. */
async function keep(s: Services, session: SMTPServerSession, source: Buffer): Promise<string> {
  const organization = String(session.user);
  const to = session.envelope.rcptTo[0]?.address ?? "";
  const id = s.randomId();
  const head = { ...(await headOf(source)), to };
  const place = (column: string) => ({ table: "sandbox_messages", row: id, column });
  await s.db.insert(sandboxMessages).values({
    id,
    organization,
    staff: (await isForStaff(s, source)) ? "yes" : "no",
    key: suppressionKey(s.keys, s.keys.write, organization, addressKey(to) ?? to),
    head: seal(s.keys, place("head"), Buffer.from(JSON.stringify(head)), s.randomBytes),
    source: seal(s.keys, place("source"), source, s.randomBytes),
    size: source.length,
    receivedAt: await appNow(s.db),
  });
  return id;
}

/** Where the header ends: an empty line, or the end. */
function headerOf(source: Buffer): Buffer {
  const end = source.indexOf("\r\n\r\n");
  return end < 0 ? source : source.subarray(0, end + 4);
}

async function headOf(source: Buffer): Promise<{ from: string; subject: string }> {
  // Only a worker that gets mail for the sandbox needs it: 0.2 s of CPU of each start.
  const { simpleParser } = await import("mailparser");
  const parsed = await simpleParser(headerOf(source));
  return { from: parsed.from?.text ?? "", subject: parsed.subject ?? "" };
}

/** System mail carries its row in its Message-ID (`systemMessageId`); what it is for stands there. */
async function isForStaff(s: Services, source: Buffer): Promise<boolean> {
  const id = /^message-id:\s*<o\.([0-9a-f-]{36})@/im.exec(headerOf(source).toString("latin1"))?.[1];
  if (!id || !isUuid(id)) return false;
  const [row] = await s.db.select({ kind: outbox.kind }).from(outbox).where(eq(outbox.id, id));
  return row !== undefined && ["invitation", "reset", "alert"].includes(row.kind);
}
