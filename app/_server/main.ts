import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import next from "next";
import proxyaddr from "proxy-addr";
import { type Config, ConfigFaults, readConfig } from "../../lib/config.ts";
import { onStop, sayFailed, sayReady } from "../../lib/parent.ts";
import { answerLeave } from "./answer-leave.ts";
import { BODY_LIMIT, limitBody } from "./body-limit.ts";
import { inspect, type Passed, type Rules } from "./hygiene.ts";
import { closeRing } from "./ring.ts";
import { securityHeaders } from "./security-headers.ts";
import { closeServices, services } from "./services.ts";

/** The web process: our own HTTP server in front of Next. Why not `next start`: docs/architecture.md. */
const config = settings();
// next-auth builds its addresses from this one; an empty one would be a 500 on each of its routes.
process.env.NEXTAUTH_URL = config.APP_URL;

const rules: Rules = { appUrl: config.APP_URL, trusts: proxyaddr.compile([...config.TRUSTED_PROXIES]) };
const app = next({ dev: false, dir: process.cwd(), port: config.PORT });
// Keys, journal and database are needed by the first request: without them there is no use in listening.
await Promise.all([app.prepare(), services().catch((error: Error) => sayFailed(error.message))]);
const handle = app.getRequestHandler();

const server = createServer(
  { headersTimeout: 20_000, requestTimeout: 60_000, connectionsCheckingInterval: 5000 },
  (req, res) => void answer(req, res),
);
// Above a reverse proxy's 60 s: who closes first must be the one that sends the next request.
server.keepAliveTimeout = 65_000;
server.once("error", (error: NodeJS.ErrnoException) =>
  sayFailed(
    error.code === "EADDRINUSE"
      ? `Port ${config.PORT} is in use by another program.`
      : `Port ${config.PORT} cannot be opened (${error.code}).`,
  ),
);
server.listen(config.PORT, sayReady);
onStop(stop);

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const found = inspect(
    { method: req.method ?? "", url: req.url ?? "", headers: req.headers, peer: req.socket.remoteAddress ?? "" },
    rules,
  );
  if ("refused" in found) {
    addHeaders(res, { kind: "public" });
    return plain(res, found.refused.status, found.refused.why);
  }
  const { passed } = found;
  addHeaders(res, passed);
  if (passed.kind === "health") return answerHealth(res, passed.path);
  if (!limitBody(req, BODY_LIMIT, () => tooLarge(req, res))) return;
  req.headers = passed.headers;
  // What Next writes after we have refused the rest of a body, or after the visitor has gone, goes nowhere.
  res.on("error", () => undefined);
  try {
    if (!(await answerLeave(req, res, { passed, base: config.PUBLIC_URL }))) await handle(req, res);
  } catch (error) {
    process.stderr.write(`${(error as Error).stack}\n`);
    if (!res.headersSent) plain(res, 500, "something went wrong");
  }
}

/** Adds, as the head is written, what the route has not said itself. */
function addHeaders(res: ServerResponse, { kind }: Pick<Passed, "kind">): void {
  const url = kind === "public" ? config.PUBLIC_URL : config.APP_URL;
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => ServerResponse;
  res.writeHead = (...args: unknown[]) => {
    for (const [name, value] of Object.entries(securityHeaders(kind, url.startsWith("https:")))) {
      if (!res.headersSent && !res.hasHeader(name)) res.setHeader(name, value);
    }
    return writeHead(...args);
  };
}

function plain(res: ServerResponse, status: number, words: string): void {
  res.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${status}: ${words}\n`);
}

function tooLarge(req: IncomingMessage, res: ServerResponse): void {
  if (!res.headersSent) {
    res.setHeader("Connection", "close");
    plain(res, 413, "the request is larger than 1 MB");
  }
  // The rest is not read: a visitor that goes on sending is cut off once the answer had time to arrive.
  setTimeout(() => req.socket.destroy(), 1000).unref();
}

/** healthz: the process answers. readyz: its database does too. */
async function answerHealth(res: ServerResponse, path: string): Promise<void> {
  if (path === "/healthz") return plain(res, 200, "alive");
  const late = new Promise<never>((_, reject) => setTimeout(reject, 2000, new Error("late")).unref());
  const asked = services().then((s) => s.db.execute("select 1"));
  await Promise.race([asked, late]).then(
    () => plain(res, 200, "ready"),
    () => plain(res, 503, "the database does not answer"),
  );
}

/** Answers what is under way; streams that stay open (a page that is shown live) are closed after 3 s. */
async function stop(): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 3000).unref();
  await closed;
  await app.close();
  await closeRing();
  await closeServices();
}

function settings(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (error instanceof ConfigFaults) return sayFailed(error.message);
    throw error;
  }
}
