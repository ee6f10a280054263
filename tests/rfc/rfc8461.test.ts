import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import type { Context } from "../../lib/servers/domain-check/context.ts";
import { checkMtaSts, fetchPolicy } from "../../lib/servers/domain-check/mta-sts.ts";
import { authority, type Certificate } from "../support/certificates.ts";
import { startDns, type Zone } from "../support/dns.ts";

const HOST = "mta-sts.libreria.example";
const POLICY = "version: STSv1\r\nmode: enforce\r\nmx: mx.libreria.example\r\nmax_age: 86400\r\n";
const ours = authority({ after });
const ca = readFileSync(ours.file, "utf8");

async function https(certificate: Certificate, answer: RequestListener): Promise<number> {
  const server = createTlsServer(certificate, answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => void server.close());
  return (server.address() as AddressInfo).port;
}
const gives =
  (status: number, body: string, head: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, head).end(body);

test("§3.3 the policy is fetched over HTTPS from the address that was looked at, with a certificate for its name, and no redirect is followed (AU-03)", async () => {
  const asked: string[] = [];
  const good = await https(ours.sign(`DNS:${HOST}`), (request, response) => {
    asked.push(`${request.headers.host?.split(":")[0]} ${request.url}`);
    response.end(POLICY);
  });
  const get = (port: number, trusted: string | undefined = ca) =>
    fetchPolicy({ host: HOST, address: "127.0.0.1", port, ...(trusted ? { ca: trusted } : {}) });
  assert.equal(await get(good), POLICY);
  assert.deepEqual(asked, [`${HOST} /.well-known/mta-sts.txt`]);
  await assert.rejects(get(good, ""), "a certificate that nobody vouches for");
  await assert.rejects(
    get(await https(ours.sign("DNS:other.example"), gives(200, POLICY))),
    "another host's certificate",
  );
  await assert.rejects(get(await https(ours.sign(`DNS:${HOST}`, -1), gives(200, POLICY))), "an expired certificate");
  const moved = await https(ours.sign(`DNS:${HOST}`), gives(302, "", { location: `https://${HOST}:${good}/` }));
  await assert.rejects(get(moved), /status 302/);
  await assert.rejects(get(await https(ours.sign(`DNS:${HOST}`), gives(200, "x".repeat(100_000)))), /too long/);
  const plain = createServer(gives(200, POLICY)).listen(0, "127.0.0.1");
  await once(plain, "listening");
  after(() => void plain.close());
  await assert.rejects(get((plain.address() as AddressInfo).port), "never in clear");
});

test("§3.1, §4.1 what a record, a policy and the mail exchangers say together (AU-03)", async () => {
  const good: Zone = {
    "_mta-sts.libreria.example TXT": ["v=STSv1; id=20261124;"],
    [`${HOST} A`]: ["93.184.215.40"],
    "libreria.example MX": ["10 mx.libreria.example"],
  };
  const { dns, zone } = await startDns({ after }, { zone: {}, timeoutMs: 300 });
  const said = async (change: Zone, policy: string | undefined = POLICY) => {
    for (const name of Object.keys(zone)) delete zone[name];
    Object.assign(zone, good, change);
    const context = { dns, from: "libreria.example" } as Context;
    const { code, level } = await checkMtaSts(context, async ({ host, address }) => {
      assert.deepEqual([host, address], [HOST, "93.184.215.40"]);
      if (!policy) throw new Error("not found");
      return policy;
    });
    return `${code} ${level}`;
  };
  assert.equal(await said({}), "ok ok");
  assert.equal(await said({ "_mta-sts.libreria.example TXT": ["google-site-verification=1"] }), "none ok");
  assert.equal(await said({ "_mta-sts.libreria.example TXT": "silent" }), "unknown unknown");
  assert.equal(await said({ "_mta-sts.libreria.example TXT": ["v=STSv1; id=1", "v=STSv1; id=2"] }), "record warn");
  assert.equal(await said({ "_mta-sts.libreria.example TXT": ["v=STSv1;"] }), "record warn");
  assert.equal(await said({ [`${HOST} A`]: ["10.0.0.1"] }), "no_file warn", "no request into this network (B51)");
  assert.equal(await said({}, ""), "no_file warn");
  assert.equal(await said({}, "mode: enforce"), "policy warn");
  assert.equal(await said({ "libreria.example MX": ["10 altro.example"] }), "mx_out bad");
  assert.equal(
    await said({ "libreria.example MX": ["10 altro.example"] }, POLICY.replace("enforce", "testing")),
    "mx_out warn",
  );
  assert.equal(
    await said({ "libreria.example MX": ["10 a.mx.example"] }, POLICY.replace("mx.libreria.example", "*.mx.example")),
    "ok ok",
  );
});
