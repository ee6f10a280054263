import assert from "node:assert/strict";
import { connect, createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { sql } from "drizzle-orm";
import { openDatabase } from "../../db/client.ts";
import { explainConnection, isPooled, withConnection } from "../../scripts/cli/connection.ts";
import { freshDatabase } from "../support/database.ts";

const failure = async (url: string): Promise<string | undefined> => {
  try {
    await withConnection(url, (client) => client.query("select 1"));
    return "no failure";
  } catch (error) {
    return explainConnection(error, url);
  }
};

const changed = (url: string, change: (url: URL) => void): string => {
  const copy = new URL(url);
  change(copy);
  return copy.href;
};

test("a wrong DATABASE_URL is explained in one sentence, without its password", async (t) => {
  const d = await freshDatabase(t);
  const cases: [RegExp, (url: URL) => void][] = [
    [/refuses the user assenso or the password/, (url) => (url.password = "secret-word")],
    [/no database "nowhere"/, (url) => (url.pathname = "/nowhere")],
    [/no PostgreSQL listens at 127\.0\.0\.1:1;/, (url) => (url.port = "1")],
    [/host nowhere\.invalid is not known/, (url) => (url.hostname = "nowhere.invalid")],
  ];
  for (const [expected, change] of cases) {
    const said = (await failure(changed(d.url, change))) ?? "";
    assert.match(said, expected);
    assert.doesNotMatch(said, /secret-word/);
    assert.doesNotMatch(said, new RegExp(new URL(d.url).password));
  }
});

test("a direct connection is not taken for a pooler", async (t) => {
  const d = await freshDatabase(t);
  assert.equal(await isPooled(d.url), false);
});

test("a pooler in transaction mode is seen: two connections reach the same server process", async (t) => {
  const d = await freshDatabase(t);
  const pooler = await startPooler(d.url);
  d.after(pooler.close);
  assert.equal(await isPooled(pooler.url), true);
});

/**
 * A pooler as PgBouncer is one in transaction mode: each client signs in by itself, then its queries go to one shared server connection.
 */
async function startPooler(url: string): Promise<{ url: string; close(): void }> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let shared: Socket | undefined;
  let asking: Socket | undefined;
  const server: Server = createServer((client) => {
    const own = connect(Number(port), hostname);
    for (const socket of [client, own]) sockets.add(socket.on("error", () => undefined));
    let signedIn = false;
    own.on("data", (bytes) => {
      if (own === shared && signedIn) return void asking?.write(bytes);
      client.write(bytes);
      // ReadyForQuery, idle: the last message of a sign-in.
      if (bytes.subarray(-6).toString("latin1") === "Z\0\0\0\x05I") {
        signedIn = true;
        shared ??= own;
      }
    });
    client.on("data", (bytes) => {
      if (!signedIn) return void own.write(bytes);
      if (bytes[0] === 0x58) return; // Terminate: the pooler keeps its server connection
      asking = client;
      shared?.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as { port: number };
  return {
    url: changed(url, (copy) => (copy.port = String(address.port))),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test("an error of the database quotes no row: what reaches a log names nobody", async (t) => {
  const d = await freshDatabase(t);
  const add = () =>
    d.owner.db.execute(
      sql`insert into users (id, email, name, created_at) values (gen_random_uuid(), 'anna@esempio.it', 'Anna', now())`,
    );
  await add();
  const error = await add().then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  assert.equal((error as { constraint?: string } | undefined)?.constraint, "users_email_unique");
  assert.doesNotMatch(JSON.stringify({ ...error, message: error?.message, stack: error?.stack }), /anna/);
});

test("a transaction that cannot even begin keeps no connection: a pool outlives any number of them [F09]", async (t) => {
  const d = await freshDatabase(t);
  const one = openDatabase(d.url, { max: 1 });
  d.after(one.close);
  for (let i = 0; i < 3; i++) {
    const nonsense = one.db.transaction(async () => undefined, { isolationLevel: "none" as "serializable" });
    await assert.rejects(nonsense, { code: "42601" });
  }
  assert.equal(one.pool.idleCount + one.pool.waitingCount, 1, "it is free again, and nobody waits");
  const { rows } = await one.db.transaction((tx) => tx.execute(sql`select 1 as n`));
  assert.deepEqual(rows, [{ n: 1 }]);
});
