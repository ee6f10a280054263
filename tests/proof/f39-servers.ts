import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createServer, type Server } from "node:tls";
import type { Fault } from "./harness/fault.ts";
import { onStage, type Stage } from "./harness/stage.ts";

const MINUTE = 60_000;

export const faults: Fault[] = [
  {
    id: "F39",
    alone: true,
    title:
      "one of three servers takes 10 s a message, then nothing: the others keep four fifths of their rate, it comes back by itself [F39]",
    run: ({ size }) =>
      onStage(
        { people: size(7000, 8000, 15_000), servers: 3, connections: 3, behaviour: { slow: 40 } },
        async (stage) => {
          const [sick, ...others] = stage.sinks;
          if (!sick) return;
          const campaign = await stage.campaign();
          for (const server of stage.servers.slice(1))
            await stage.d.owner.pool.query(
              "insert into campaign_servers (campaign, server) values ($1, $2) on conflict do nothing",
              [campaign, server],
            );
          await stage.fleet.be(2);
          const rate = async (ms: number) => {
            const before = others.reduce((sum, one) => sum + one.ledger.count(), 0);
            await wait(ms);
            return (others.reduce((sum, one) => sum + one.ledger.count(), 0) - before) / (ms / 1000);
          };
          await stage.reach(150);
          const healthy = await rate(6000);
          await sick.behave({ slow: 10_000 });
          stage.count("smtp");
          await wait(8000);
          const slow = await rate(6000);
          sick.freeze();
          stage.count("smtp");
          await wait(5000);
          const dead = await rate(6000);
          for (const [what, now] of [
            ["slow", slow],
            ["dead", dead],
          ] as const)
            if (now < healthy * 0.8)
              stage.wrong.push(
                `beside a ${what} server the others carried ${now.toFixed(0)}/s, before it ${healthy.toFixed(0)}/s`,
              );
          sick.thaw();
          await sick.behave({ slow: 40 });
          const back = sick.ledger.count();
          const from = Date.now();
          await stage.until(
            async () => sick.ledger.count() > back + 20 || (await stage.stateOf(campaign)) === "ended",
            "the server did not come back",
            90_000,
          );
          stage.recovered = (Date.now() - from) / 1000;
          for (const one of stage.sinks) await one.behave({});
          await stage.endedByWaiting(campaign, 2 * MINUTE);
        },
      ),
  },
  {
    id: "F40",
    title:
      "a certificate that expired, one for another host, STARTTLS stripped: not one byte of mail in clear, the server stops [F40]",
    run: ({ size }) => {
      const folder = mkdtempSync(join(tmpdir(), "tls-"));
      const certificates = makeCertificates(folder);
      const env = { NODE_EXTRA_CA_CERTS: certificates.all };
      return onStage({ people: size(40, 80, 300), behaviour: {}, env }, async (stage) => {
        stage.after(() => rmSync(folder, { recursive: true, force: true }));
        const front = await tlsFront(stage, certificates.expired);
        const encrypted = (encryption: string, port: number) =>
          stage.d.owner.pool.query(
            "update servers set encryption = $2, port = $3, paused_at = null, paused_reason = null, retry_at = null where id = $1",
            [stage.servers[0], encryption, port],
          );
        const { ASSENSO_SMTP_ALLOW = "" } = stage.env;
        stage.env.ASSENSO_SMTP_ALLOW = `${ASSENSO_SMTP_ALLOW} 127.0.0.1:${front.port}`;
        await encrypted("tls", front.port);
        await stage.fleet.be(1);
        const campaign = await stage.campaign();
        await stops(stage, "an expired certificate");
        front.present(certificates.elsewhere);
        await encrypted("tls", front.port);
        await stops(stage, "a certificate for another host");
        // The sink offers no STARTTLS: as somebody between would have it.
        await encrypted("starttls", stage.sink.port);
        await stops(stage, "STARTTLS stripped");
        const { copies, mails } = stage.sink.ledger.look();
        if (copies.length + mails.length > 0)
          stage.wrong.push(`${copies.length + mails.length} messages in clear, or past a bad certificate`);
        front.present(certificates.good);
        await encrypted("tls", front.port);
        await stage.endedByWaiting(campaign, 16 * MINUTE);
      });
    },
  },
];

/** The server stands still, says why, and nothing was begun. */
async function stops(stage: Stage, what: string): Promise<void> {
  const why = async () =>
    (
      await stage.d.owner.pool.query<{ why: string }>("select paused_reason as why from servers where id = $1", [
        stage.servers[0],
      ])
    ).rows[0]?.why;
  await stage.until(
    async () => ["tls", "certificate"].includes((await why()) ?? ""),
    `${what} did not stop the server`,
    40_000,
  );
  stage.count("others");
}

type Pem = { key: string; cert: string };

/** Takes TLS off in front of the sink, with a certificate that may change. */
async function tlsFront(stage: Stage, first: Pem): Promise<{ port: number; present(pem: Pem): void }> {
  const server: Server = createServer({ ...first }, (socket) => {
    const inner = connect(stage.sink.port, "127.0.0.1");
    for (const one of [socket, inner])
      one.on("error", () => undefined).on("close", () => [socket, inner].map((each) => each.destroy()));
    socket.pipe(inner).pipe(socket);
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stage.after(() => server.close());
  return { port: (server.address() as { port: number }).port, present: (pem) => server.setSecureContext({ ...pem }) };
}

/** One authority, and three certificates of it: good for 127.0.0.1, over since yesterday, and for another host. */
function makeCertificates(folder: string) {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...ec, "-days", "30", "-subj", "/CN=proof", "-keyout", "ca.key", "-out", "ca.pem");
  const make = (name: string, alt: string, days: string): Pem => {
    writeFileSync(join(folder, "ext"), `subjectAltName=${alt}\n`);
    openssl("req", "-new", ...ec, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      days,
      "-extfile",
      "ext",
      "-out",
      `${name}.pem`,
    );
    const read = (ending: string) => readFileSync(join(folder, `${name}.${ending}`), "utf8");
    return { key: read("key"), cert: read("pem") };
  };
  return {
    all: join(folder, "ca.pem"),
    good: make("good", "IP:127.0.0.1", "30"),
    expired: make("expired", "IP:127.0.0.1", "-1"),
    elsewhere: make("elsewhere", "DNS:mail.altrove.example", "30"),
  };
}
