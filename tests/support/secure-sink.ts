import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer, type SMTPServerAuthentication } from "smtp-server";
import type { TestDatabase } from "./database.ts";

export type Pair = { key: Buffer; cert: Buffer };

/** A certificate that nobody vouches for. */
export function selfSigned(d: TestDatabase, name: string, more = ""): Pair {
  const folder = mkdtempSync(join(tmpdir(), "cert-"));
  d.after(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, "k.pem"), join(folder, "c.pem")];
  const args = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=${name} ${more}`;
  execFileSync("openssl", [...args.trim().split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

export type SecureSink = { port: number; auths: SMTPServerAuthentication[]; mails: string[]; close(): Promise<void> };

/** A real SMTP server with TLS that notes who signs in and what arrives. */
export async function secureSink(o: {
  pair: Pair;
  secure?: boolean;
  port?: number;
  methods?: string[];
  allows(auth: SMTPServerAuthentication): boolean;
}): Promise<SecureSink> {
  const sink = { auths: [] as SMTPServerAuthentication[], mails: [] as string[] };
  const server = new SMTPServer({
    ...{ ...o.pair, secure: o.secure ?? false, logger: false, disableReverseLookup: true },
    ...(o.methods ? { authMethods: o.methods } : {}),
    onAuth(auth, _, callback) {
      sink.auths.push({ ...auth });
      callback(o.allows(auth) ? null : new Error("no"), o.allows(auth) ? { user: auth.username ?? "" } : undefined);
    },
    onData(stream, session, callback) {
      stream.resume().on("end", () => {
        sink.mails.push(session.envelope.rcptTo[0]?.address ?? "");
        callback(null, "kept");
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(o.port ?? 0, "127.0.0.1", () => resolve()));
  const { port } = server.server.address() as { port: number };
  return { ...sink, port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
