import assert from "node:assert/strict";
import { test } from "node:test";
import type { Services } from "../services.ts";
import { isPublicAddress } from "./address-policy.ts";
import { checkTarget, hostName } from "./target.ts";

/** A world with a resolver of its own, and a list of the operator's. */
function world(
  names: Record<string, string[]>,
  allow: string[] = [],
  env: { host: string; port: number }[] = [],
): Services {
  const db = { select: () => ({ from: async () => [{ allow }] }) };
  const resolve = async (host: string) => names[host] ?? [];
  return { db, resolve, config: { ASSENSO_SMTP_ALLOW: env } } as unknown as Services;
}

const fails = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

test("every spelling of loopback, private and special addresses is refused [B51]", async () => {
  const spellings = [
    "127.0.0.1 127.1 0x7f.1 0x7f000001 2130706433 017700000001 [::1] ::1 ::ffff:127.0.0.1 [::ffff:7f00:1] ::ffff:7f00:1 ①②⑦.⓪.⓪.① １２７.0.0.1",
    "0.0.0.0 0 10.0.0.5 172.16.1.1 192.168.1.1 169.254.169.254 100.64.0.1 198.18.0.1 192.0.0.8 192.0.2.1 224.0.0.1 255.255.255.255 240.0.0.1",
    "fe80::1 fe80::1%eth0 fc00::1 fd12::1 ff02::1 :: ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::10.0.0.1 2002:7f00:1:: 2001:0:1::1 2001:db8::1 localhost. localhost",
    "metadata.nip.io 10.0.0.1.nip.io",
  ].flatMap((line) => line.split(" "));
  const names = {
    localhost: ["127.0.0.1", "::1"],
    "metadata.nip.io": ["169.254.169.254"],
    "10.0.0.1.nip.io": ["10.0.0.1"],
  };
  for (const host of spellings) {
    await assert.rejects(
      checkTarget(world(names), { host, port: 25 }),
      (error) => /^SERVER_HOST_/.test((error as { code: string }).code),
      host,
    );
  }
});

test("what is no host name is refused before any look-up [B51, B89]", async () => {
  const wrong = [
    "",
    " ",
    "a b.it",
    "mail.it\r\nRCPT",
    "unix:/run/x",
    "gopher://x",
    "http://mail.it",
    "mail.it/x",
    "-a.it",
    "a..it",
    "a_b.it",
    "user@mail.it",
    "mail.it:25",
    "x".repeat(254),
    "127.0.0.1%0",
    "0x7f.0.0.1.x.0x1",
  ];
  for (const host of wrong)
    await assert.rejects(
      checkTarget(world({}), { host, port: 25 }),
      (error) => (error as { code: string }).code.startsWith("SERVER_HOST_"),
      host,
    );
  assert.equal(hostName("Mail.Bücher.IT"), "mail.xn--bcher-kva.it");
  assert.equal(hostName("mail.example.it."), undefined);
});

test("a public server is reached at the address that was checked, under its name", async () => {
  const s = world({ "smtp.example.it": ["2a01:4f8::1", "93.184.216.34"] });
  assert.deepEqual(await checkTarget(s, { host: "SMTP.example.it", port: 587 }), {
    address: "93.184.216.34",
    port: 587,
    servername: "smtp.example.it",
  });
  assert.equal(isPublicAddress("64:ff9b::5db8:d822"), true);
});

test("one private address among public ones refuses the name (rebinding) [B51]", async () => {
  const s = world({ "mixed.example.it": ["93.184.216.34", "192.168.0.1"] });
  await assert.rejects(checkTarget(s, { host: "mixed.example.it", port: 25 }), fails("SERVER_HOST_REFUSED"));
});

test("ports outside the list are refused, unless the operator allowed this host with this port [B89]", async () => {
  const names = { "smtp.example.it": ["93.184.216.34"], "mail.lan": ["192.168.1.9"] };
  await assert.rejects(checkTarget(world(names), { host: "smtp.example.it", port: 22 }), fails("SERVER_PORT_REFUSED"));
  await assert.rejects(
    checkTarget(world(names), { host: "nobody.example.it", port: 25 }),
    fails("SERVER_HOST_UNKNOWN"),
  );
  const allowed = world(names, ["mail.lan:1025"]);
  assert.equal((await checkTarget(allowed, { host: "mail.lan", port: 1025 })).address, "192.168.1.9");
  await assert.rejects(checkTarget(allowed, { host: "mail.lan", port: 25 }), fails("SERVER_HOST_REFUSED"));
  const env = world(names, [], [{ host: "127.0.0.1", port: 4025 }]);
  assert.equal((await checkTarget(env, { host: "127.0.0.1", port: 4025 })).address, "127.0.0.1");
  await assert.rejects(checkTarget(env, { host: "127.0.0.1", port: 4026 }), fails("SERVER_PORT_REFUSED"));
});
