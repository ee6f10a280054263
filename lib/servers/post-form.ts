import { request } from "node:https";
import type { Target } from "./target.ts";

export type PostForm = (o: { target: Target; path: string; fields: Record<string, string> }) => Promise<{
  status: number;
  body: string;
}>;

const MOST_MS = 10_000;
const MOST_BYTES = 64_000;

/**
 * Posts a form over TLS to the address that was checked, and to nothing else: the name is not looked up again, no redirect is followed (B51).
 * @throws whatever kept the answer from coming whole within ten seconds
 */
export const postForm: PostForm = (o) => postWith(o, {});

/** The same, for an endpoint whose certificate another authority signed. */
export function postWith(o: Parameters<PostForm>[0], tls: { ca?: string | Buffer }): ReturnType<PostForm> {
  const body = new URLSearchParams(o.fields).toString();
  return new Promise((resolve, reject) => {
    const asked = request({
      ...{ host: o.target.address, servername: o.target.servername, port: o.target.port, path: o.path, ...tls },
      ...{ method: "POST", agent: false, signal: AbortSignal.timeout(MOST_MS) },
      headers: {
        ...{ host: o.target.servername, accept: "application/json" },
        ...{ "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(body) },
      },
    });
    asked.on("error", reject);
    asked.on("response", (answer) => {
      const parts: Buffer[] = [];
      let size = 0;
      answer.on("error", reject);
      answer.on("data", (part: Buffer) => {
        size += part.length;
        if (size > MOST_BYTES) asked.destroy(new Error("the answer is too long"));
        else parts.push(part);
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    });
    asked.end(body);
  });
}
