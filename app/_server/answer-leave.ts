import type { IncomingMessage, ServerResponse } from "node:http";
import type { Passed } from "./hygiene.ts";
import { LEAVE_BODY, leavePost } from "./leave-post.ts";

const LEAVE = /^\/u\/([^/]+)$/;
/** One more than the route reads: it sees that there is more, and lets her go all the same. */
const KEPT = LEAVE_BODY + 1;

/**
 * Answers a POST to a leave link by the route's own function, but without Next: mail programs send them by the thousand while a campaign runs, and Next alone costs as much as
 * all the rest (docs/benchmarks.md). @param base address of the public pages · @returns false where the request is another one
 */
export async function answerLeave(
  req: IncomingMessage,
  res: ServerResponse,
  o: { passed: Passed; base: string },
): Promise<boolean> {
  const token = req.method === "POST" ? LEAVE.exec(o.passed.path)?.[1] : undefined;
  if (token === undefined) return false;
  const body = await bodyOf(req);
  const request = new Request(new URL(req.url ?? "/", o.base), {
    ...{ method: "POST", headers: headersOf(o.passed) },
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  });
  const answer = await leavePost(request, token);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (res.headersSent) return true;
  for (const [name, value] of answer.headers) res.setHeader(name, value);
  res.setHeader("Content-Length", bytes.length);
  res.writeHead(answer.status).end(bytes);
  return true;
}

/** What came of the body: the first 64 KB; also of one that ends in the middle. What follows is read and forgotten. */
function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const done = () => resolve(Buffer.concat(parts).subarray(0, KEPT));
    req.on("data", (part: Buffer) => {
      if (size >= KEPT) return;
      parts.push(part);
      size += part.length;
      if (size >= KEPT) done();
    });
    req.once("end", done).once("close", done).once("error", done);
  });
}

function headersOf({ headers }: Passed): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return all;
}
