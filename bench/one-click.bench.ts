import { Agent, request } from "node:http";
import { join } from "node:path";
import { startApp } from "../tests/support/app.ts";
import { furnish } from "../tests/support/furnished.ts";
import { leaveToken } from "../tests/support/people.ts";
import { built, builtFile, start } from "../tests/support/process.ts";
import { scene, sinkServer } from "../tests/support/sending.ts";
import type { Figure } from "./figure.ts";
import { launchReal } from "./real-campaign.ts";

const EACH = 1500;
const WARM = 200;
const AT_ONCE = 16;
/** More than leave while it is measured: the campaign does not end before. */
const CAMPAIGN = 30_000;

type Load = { rate: number; p99: number; failed: number };

/**
 * RFC 8058 POSTs of different people through the built web process, while its worker sends a campaign to a sink; beside a bare Node HTTP server that runs the same verb
 * (same SQL, same fsynced journal line) on the same database at the same time. Sixteen at once over kept connections.
 */
export default async function oneClickBench(): Promise<Figure[]> {
  const closers: (() => Promise<void>)[] = [];
  const t = { after: (work: () => Promise<void>) => void closers.unshift(work) };
  try {
    const sink = start(t, await built("sink-process"), {});
    const { port } = (await sink.printed("ready")) as { port: number };
    const app = await startApp(t, { durable: true, settings: { ASSENSO_SMTP_ALLOW: `127.0.0.1:${port}` } });
    // Until the launch: it would look up the records of the campaign's sender, which exist nowhere.
    await app.stopWorker();
    const { s } = await furnish(app);
    const here = await scene(s, { people: CAMPAIGN, slug: "misura" });
    await sinkServer(s, { organization: here.organization, port, connections: 4 });
    const tokens: string[] = [];
    for (const contact of here.contacts.slice(-2 * (EACH + WARM))) tokens.push(await leaveToken(s, contact, here.list));
    const keys = (s as unknown as { keyRingJson: string }).keyRingJson;
    const bare = start(t, await builtFile(join(import.meta.dirname, "leave-process.ts")), {
      ...{ url: app.d.url, keys, folder: join(app.home, "journal") },
    });
    const reference = (await bare.printed("ready")) as { port: number };
    await launchReal(s, { scene: here });
    await app.startWorker();
    const ports = [Number(new URL(app.url).port), reference.port];
    const loads: Load[] = [];
    for (const [i, to] of ports.entries()) {
      const mine = tokens.slice(i * (EACH + WARM), (i + 1) * (EACH + WARM));
      await load(to, mine.slice(0, WARM));
      loads.push(await load(to, mine.slice(WARM)));
    }
    return figures(loads);
  } finally {
    for (const close of closers) await close();
  }
}

function figures([ours, bare]: Load[]): Figure[] {
  if (!ours || !bare || ours.failed + bare.failed > 0)
    throw new Error(`answers that were not 200: ${ours?.failed}, ${bare?.failed}`);
  return [
    {
      ...{ name: "one-click POSTs per second while a campaign runs", ours: Math.round(ours.rate), better: "more" },
      ...{
        goal: { times: 0.5 },
        reference: { name: "bare Node HTTP server, same SQL and fsync", value: Math.round(bare.rate) },
      },
    },
    {
      ...{ name: "one-click POST, p99 in ms", ours: Math.round(ours.p99), better: "less", goal: { value: 500 } },
      reference: { name: "bare Node HTTP server", value: Math.round(bare.p99) },
    },
  ];
}

async function load(port: number, tokens: string[]): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const took: number[] = [];
  let [next, failed] = [0, 0];
  const begun = performance.now();
  const one = async () => {
    for (let i = next++; i < tokens.length; i = next++) {
      const at = performance.now();
      if ((await post(agent, port, tokens[i] ?? "")) !== 200) failed++;
      took.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  const seconds = (performance.now() - begun) / 1000;
  agent.destroy();
  took.sort((a, b) => a - b);
  return { rate: tokens.length / seconds, p99: took[Math.floor(took.length * 0.99)] ?? 0, failed };
}

function post(agent: Agent, port: number, token: string): Promise<number> {
  const body = "List-Unsubscribe=One-Click";
  const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": body.length };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: "127.0.0.1", method: "POST", path: `/u/${token}`, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
