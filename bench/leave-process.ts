// The reference of the one-click benchmark: a bare HTTP server that does what a good POST to a leave link does, the same SQL and the same fsync, and nothing else.
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openDatabase } from "../db/client.ts";
import { readConfig } from "../lib/config.ts";
import { leave } from "../lib/consent/leave.ts";
import { readKeyRing } from "../lib/crypto/keys.ts";
import { uuidSource } from "../lib/crypto/uuid.ts";
import { openJournal } from "../lib/journal/journal.ts";
import type { Services } from "../lib/services.ts";

const given = JSON.parse(process.argv[2] ?? "{}") as { url: string; keys: string; folder: string };
const now = () => new Date(Date.now());
const newId = uuidSource({ now, randomBytes });
const keys = readKeyRing(given.keys);
const journal = openJournal({ folder: given.folder, keys, writer: newId(), now });
const { db } = openDatabase(given.url, { role: "assenso_app" });
const config = readConfig({ DATABASE_URL: given.url, PUBLIC_URL: "http://127.0.0.1:1", ASSENSO_HOME: given.folder });
const quiet = () => undefined;
const world = { randomBytes, randomId: newId, resolve: async () => [], dns: async () => ({ is: "unknown" as const }) };
const s: Services = {
  db,
  keys,
  journal,
  config,
  log: { info: quiet, warn: console.error, error: console.error },
  ...world,
};

const server = createServer((request, response) => {
  const token = request.url?.slice("/u/".length) ?? "";
  request.resume();
  request.on("end", () => {
    leave(s, { token, scope: "list", method: "one_click_post", request: {} }).then(
      () => response.end("Unsubscribed\n"),
      (error) => {
        console.error(error);
        response.writeHead(500).end();
      },
    );
  });
});
server.listen(0, "127.0.0.1", () =>
  console.log(JSON.stringify({ event: "ready", port: (server.address() as AddressInfo).port })),
);
process.once("SIGTERM", () => process.exit(0));
