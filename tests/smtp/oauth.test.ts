import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { createServer as createHttps } from "node:https";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { users } from "../../db/schema/users.ts";
import { connectTo } from "../../lib/delivery/route.ts";
import { connectSmtp } from "../../lib/servers/connection.ts";
import { createServer } from "../../lib/servers/create.ts";
import { findServer } from "../../lib/servers/find.ts";
import { accessToken, TokenFailure } from "../../lib/servers/oauth.ts";
import { type PostForm, postWith } from "../../lib/servers/post-form.ts";
import { routeOf } from "../../lib/servers/route-of.ts";
import type { ServerInput } from "../../lib/servers/types.ts";
import { updateServer } from "../../lib/servers/update.ts";
import { freshDatabase } from "../support/database.ts";
import { secureSink, selfSigned } from "../support/secure-sink.ts";
import { scene } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
let endpointAt = ["93.184.216.34"];
const s = await testServices(d, {
  settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" },
  resolve: async (host) => (host.includes("google") ? endpointAt : ["127.0.0.1"]),
});
const { who } = await scene(s, { people: 0 });
await s.db.insert(users).values({ id: who.user, email: "giulia@esempio.it", name: "Giulia", createdAt: new Date(0) });

type Form = Record<string, string>;
const pair = selfSigned(d, "oauth2.googleapis.com", "-addext subjectAltName=DNS:oauth2.googleapis.com");
const asked: Form[] = [];
let answer: (form: Form) => { status: number; body: string; location?: string } = () => ({ status: 500, body: "" });
const endpoint = createHttps(pair, async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  const form = Object.fromEntries(new URLSearchParams(body));
  asked.push(form);
  const { status, body: said, location } = answer(form);
  response.writeHead(status, location ? { location } : {}).end(said);
});
await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
d.after(() => new Promise<void>((resolve) => endpoint.close(() => resolve())));
const { port } = endpoint.address() as { port: number };

/** The real client, led to the local endpoint: name and certificate are those of the preset. */
const post: PostForm = (o) =>
  postWith({ ...o, target: { ...o.target, address: "127.0.0.1", port } }, { ca: pair.cert });
const granting =
  (n = { i: 0 }) =>
  () => ({
    status: 200,
    body: JSON.stringify({ access_token: `access-${++n.i}`, expires_in: 3600, refresh_token: `refresh-${n.i}` }),
  });

const input: ServerInput = {
  ...{ kind: "mailbox", preset: "gmail", name: "Gmail", host: "127.0.0.1", port: 1, encryption: "starttls" },
  ...{ auth: "oauth2", username: "rossi@gmail.com", fromName: "Rossi", fromAddress: "rossi@gmail.com", perDay: 400 },
  oauth: { client: "id-1", secret: "segreto-1", refresh: "refresh-0" },
};
const made = async (more: Partial<ServerInput> = {}) => (await createServer(s, { who, ...input, ...more })).id;
const row = async (id: string) => (await s.db.select().from(servers).where(eq(servers.id, id)))[0];
const refusal = (response: string, code?: number) => (error: unknown) =>
  error instanceof TokenFailure && error.response === `token: ${response}` && error.responseCode === code;

test("client, secret and token are sealed and never shown; without a preset that has an endpoint they are refused [B51]", async () => {
  const id = await made();
  const kept = await row(id);
  for (const secret of ["id-1", "segreto-1", "refresh-0"]) assert.ok(!kept?.oauth?.includes(secret));
  const shown = await findServer(s, { who, server: id });
  assert.ok(!("oauth" in shown) && shown.hasOauth && !shown.hasPassword);
  for (const preset of [null, "yahoo", "hosting"])
    await assert.rejects(made({ preset }), { code: "SERVER_OAUTH_PRESET" });
  await assert.rejects(made({ oauth: undefined }), { code: "SERVER_INVALID" });
  const none = { client: "", secret: "", refresh: "" };
  for (const oauth of [
    { ...none, client: "id" },
    { ...none, client: "id", secret: "s" },
    { client: "a b", secret: "s", refresh: "r" },
  ])
    await assert.rejects(made({ oauth }), {
      code: "SERVER_INVALID",
    });
  const { oauth: _, ...same } = input;
  await updateServer(s, { who, server: id, ...same, name: "Altro" });
  assert.deepEqual((await row(id))?.oauth, kept?.oauth, "what is left out stays");
  await updateServer(s, { who, server: id, ...same, auth: "password", password: "x" });
  assert.deepEqual([(await row(id))?.oauth, (await row(id))?.password !== null], [null, true]);
});

test("an access token is asked once, kept until its last minute, renewed with the newest refresh token, also after a refusal", async () => {
  const id = await made();
  answer = granting();
  asked.length = 0;
  const tokens = await Promise.all([1, 2, 3].map(() => accessToken(s, { server: id, post })));
  assert.deepEqual([tokens, asked.length], [["access-1", "access-1", "access-1"], 1]);
  assert.deepEqual(asked[0], {
    ...{ grant_type: "refresh_token", client_id: "id-1", client_secret: "segreto-1", refresh_token: "refresh-0" },
  });
  assert.equal(await accessToken(s, { server: id, post, not: "access-1" }), "access-2");
  assert.equal(asked[1]?.refresh_token, "refresh-1");
  assert.equal(
    await accessToken(s, { server: id, post, not: "access-1" }),
    "access-2",
    "another has renewed it already",
  );
  await d.moveClock(3_500_000);
  assert.equal(await accessToken(s, { server: id, post }), "access-2");
  await d.moveClock(70_000);
  assert.equal(await accessToken(s, { server: id, post }), "access-3");
  await d.moveClock(-3_570_000);
});

test("a refusal is for a person, everything else passes: no redirect is followed, no long or strange answer is believed [B51]", async () => {
  const id = await made();
  const renewed = () => accessToken(s, { server: id, post });
  answer = () => ({ status: 400, body: '{"error":"invalid_grant","error_description":"rossi@gmail.com"}' });
  await assert.rejects(renewed(), refusal("invalid_grant", 535));
  answer = () => ({ status: 400, body: '{"error":"<b>rossi@gmail.com</b>"}' });
  await assert.rejects(renewed(), refusal("400", 535));
  answer = () => ({ status: 503, body: "later" });
  await assert.rejects(renewed(), refusal("503"));
  answer = () => ({ status: 200, body: "{}" });
  await assert.rejects(renewed(), refusal("200"));
  asked.length = 0;
  answer = () => ({ status: 302, body: "", location: `https://127.0.0.1:${port}/elsewhere` });
  await assert.rejects(renewed(), refusal("302"));
  assert.equal(asked.length, 1);
  answer = () => ({ status: 200, body: `{"access_token":"${"x".repeat(70_000)}"}` });
  await assert.rejects(renewed(), refusal("not_reached"));
  endpointAt = ["93.184.216.34", "169.254.169.254"];
  answer = granting();
  await assert.rejects(renewed(), refusal("server_host_refused"));
  endpointAt = ["93.184.216.34"];
  const wrongName: PostForm = (o) => post({ ...o, target: { ...o.target, servername: "evil.example" } });
  await assert.rejects(accessToken(s, { server: id, post: wrongName }), refusal("not_reached"));
});

test("a mailbox is signed in to with XOAUTH2; a token that it refuses is renewed once; an endpoint out of reach is a fault that passes", async () => {
  const there = selfSigned(d, "smtp.example");
  const sink = await secureSink({ pair: there, methods: ["XOAUTH2"], allows: (auth) => auth.accessToken === "good" });
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const id = await made({ port: sink.port });
  const pin = createHash("sha256").update(new X509Certificate(there.cert).raw).digest();
  await s.db
    .update(servers)
    .set({ pinSha256: pin, pinReason: "prova", pinnedAt: sql`app_now()` as never, pinnedBy: who.user })
    .where(eq(servers.id, id));
  const server = await row(id);
  assert.ok(server);
  const given: (string | undefined)[] = [];
  const route = await routeOf(s, server);
  const token = async (not?: string) => {
    given.push(not);
    return not ? "good" : "stale";
  };
  const connection = await connectSmtp({ ...route, credentials: { user: "rossi@gmail.com", token } });
  assert.deepEqual(given, [undefined, "stale"]);
  assert.deepEqual(
    sink.auths.map(({ method, username, accessToken }) => [method, username, accessToken]),
    [
      ["XOAUTH2", "rossi@gmail.com", "stale"],
      ["XOAUTH2", "rossi@gmail.com", "good"],
    ],
  );
  const sent = await connection.send({ from: "rossi@gmail.com", to: "a@b.it" }, Buffer.from("Subject: x\r\n\r\nx\r\n"));
  assert.equal(sent.code, 250);
  await connection.quit();
  // Without the test's client nobody answers at the endpoint's public address: a fault that passes.
  endpointAt = ["127.0.0.1"];
  await assert.rejects(connectTo(s, server, { connect: { connectMs: 2000 } }), (error) => {
    const { command, code, reply } = (error as { answer: { command: string; code?: number; reply: string } }).answer;
    return command === "auth" && code === undefined && reply === "token: server_host_refused";
  });
  await sink.close();
});
