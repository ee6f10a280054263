import type { IncomingMessage } from "node:http";

/** What a request may bring, bytes. A route that takes files sets its own. */
export const BODY_LIMIT = 1_000_000;

/**
 * Calls `over` once when a body is longer than the limit: at once when the request says so, else as soon as that much has come in
 * (a chunked body says nothing), and hands on nothing of it any more.
 */
export function limitBody(req: IncomingMessage, limit: number, over: () => void): boolean {
  if (Number(req.headers["content-length"] ?? 0) > limit) {
    over();
    return false;
  }
  let come = 0;
  const push = req.push.bind(req);
  req.push = (chunk, encoding) => {
    const before = come;
    come += chunk?.length ?? 0;
    if (come <= limit) return push(chunk, encoding);
    if (before <= limit) over();
    return true;
  };
  return true;
}
