import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { Services } from "../../lib/services.ts";
import { answerLeave } from "./answer-leave.ts";
import { serveWith } from "./services.ts";

test("a POST to a leave link is answered by us whatever its body is, and everything else is left to Next", async (t) => {
  serveWith({ keys: { kids: () => [] } } as unknown as Services);
  const server = createServer(async (req, res) => {
    const passed = { kind: "public" as const, path: req.url ?? "", headers: req.headers };
    if (!(await answerLeave(req, res, { passed, base: "http://127.0.0.1" }))) res.writeHead(299).end();
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const ask = async (method: string, path: string, body?: string) => {
    const sent = request({ port, host: "127.0.0.1", method, path });
    sent.end(body);
    const [answer] = await once(sent, "response");
    answer.resume();
    await once(answer, "end");
    return answer.statusCode;
  };
  // No token of ours: 404 comes from the route's own function.
  for (const body of [
    undefined,
    "List-Unsubscribe=One-Click",
    "\0".repeat(10),
    "a".repeat(65_537),
    "a".repeat(400_000),
  ])
    assert.equal(await ask("POST", "/u/v1.k1.x.y", body), 404, `${body?.length}`);
  for (const [method, path] of [
    ["GET", "/u/x"],
    ["POST", "/u/x/y"],
    ["POST", "/c/x"],
    ["POST", "/u/"],
  ] as const)
    assert.equal(await ask(method, path), 299, `${method} ${path}`);
});
