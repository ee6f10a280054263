import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { limitBody } from "./body-limit.ts";

/** Answers 413 when a body is over 1,000 bytes, else with how much of it came in. */
const server = createServer((req, res) => {
  const refuse = () => void res.writeHead(413, { Connection: "close" }).end();
  if (!limitBody(req, 1000, refuse)) return;
  let come = 0;
  req.on("data", (chunk: Buffer) => (come += chunk.length));
  req.on("end", () => !res.writableEnded && res.end(`${come}`));
});
before(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
after(() => new Promise((resolve) => server.close(resolve)));

/** Sends so many pieces of 400 bytes in chunks, without saying how long it gets. */
function post(pieces: number, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const outgoing = request({ port, host: "127.0.0.1", method: "POST", headers }, (res) => {
      let text = "";
      res.on("data", (chunk) => (text += chunk)).on("end", () => resolve(`${res.statusCode} ${text}`));
    });
    outgoing.on("error", reject);
    for (let i = 0; i < pieces; i++) outgoing.write("a".repeat(400));
    outgoing.end();
  });
}

test("a chunked body is read up to the limit and refused beyond it (B85)", async () => {
  assert.equal(await post(2), "200 800");
  assert.equal(await post(3), "413 ");
  assert.equal(await post(50), "413 ");
});

test("a body that says it is longer is refused before it comes", async () => {
  assert.equal(await post(0, { "Content-Length": "1001" }).catch(() => "cut off"), "413 ");
  assert.equal(await post(2, { "Content-Length": "800" }), "200 800");
});
