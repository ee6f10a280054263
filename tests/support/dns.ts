import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import packet, { type Answer, type Packet, type RecordType } from "dns-packet";
import { openDns } from "../../lib/servers/dns.ts";
import type { Dns } from "../../lib/services.ts";

/** `"example.it TXT": ["v=spf1 -all"]`. In place of records: how the question fails. MX as `10 mail.example.it`. */
export type Zone = Record<string, string[] | "silent" | "servfail" | "refused">;

export type TestDns = {
  /** The DNS as a process has it: these resolvers, and name servers that may be on this machine. */
  dns: Dns;
  /** What the resolvers, and what the name servers at 127.0.0.2, know; may be changed at any time. */
  zone: Zone;
  authority: Zone;
  port: number;
  /** Questions so far: `who name type`. */
  asked: string[];
};

/**
 * A DNS server on 127.0.0.1 (the resolvers) and 127.0.0.2 (the name servers of every domain), UDP and TCP, over zones in memory.
 * The authority answers from `authority`; where that is left out, both know the same.
 */
export async function startDns(
  t: { after(work: () => Promise<void>): void },
  o: { zone: Zone; authority?: Zone; timeoutMs?: number },
): Promise<TestDns> {
  const asked: string[] = [];
  const zone = o.zone;
  const authority = o.authority ?? zone;
  const [system, other] = await listenBoth(
    (question) => answer(zone, question, asked, "system"),
    (question) => answer(authority, question, asked, "authority"),
  );
  t.after(async () => {
    system.close();
    other.close();
  });
  const dns = openDns({
    servers: [`127.0.0.1:${system.port}`],
    port: system.port,
    mayAsk: () => true,
    timeoutMs: o.timeoutMs ?? 250,
  });
  return { dns, zone, authority, port: system.port, asked };
}

type Respond = (question: Packet) => Packet | undefined;

type Listening = { port: number; close(): void };

/** Both at one port, UDP and TCP: where another program has one of the four, another port is tried. */
async function listenBoth(system: Respond, other: Respond): Promise<[Listening, Listening]> {
  for (let left = 20; ; left--) {
    let first: Listening | undefined;
    try {
      first = await listen("127.0.0.1", 0, system);
      return [first, await listen("127.0.0.2", first.port, other)];
    } catch (error) {
      first?.close();
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || left === 0) throw error;
    }
  }
}

async function listen(host: string, port: number, respond: Respond): Promise<Listening> {
  const udp = createSocket("udp4");
  udp.on("message", (message, from) => {
    const reply = respond(packet.decode(message));
    if (!reply) return;
    const bytes = packet.encode(reply);
    // RFC 1035 §4.2.1: what does not fit is asked again over TCP.
    const short =
      bytes.length > 512 ? packet.encode({ ...reply, flags: (reply.flags ?? 0) | 512, answers: [] }) : bytes;
    udp.send(short, from.port, from.address);
  });
  udp.bind(port, host);
  await once(udp, "listening").catch((error) => {
    udp.close();
    throw error;
  });
  const open = new Set<Socket>();
  const tcp = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      const reply = respond(packet.streamDecode(chunk as Buffer));
      if (reply) socket.end(packet.streamEncode(reply));
    });
  });
  const close = () => {
    udp.close();
    tcp.close();
    for (const socket of open) socket.destroy();
  };
  tcp.listen(udp.address().port, host);
  await once(tcp, "listening").catch((error) => {
    close();
    throw error;
  });
  return { port: udp.address().port, close };
}

const CODES = { servfail: 2, nxdomain: 3, refused: 5 };

function answer(zone: Zone, query: Packet, asked: string[], who: string): Packet | undefined {
  const question = query.questions?.[0];
  const name = (question?.name ?? "").toLowerCase();
  const type = question?.type ?? "A";
  asked.push(`${who} ${name} ${type}`);
  const reply: Packet = { type: "response", id: query.id ?? 0, questions: query.questions ?? [], flags: 0x0180 };
  const found = lookUp(zone, name, type);
  if (found === "silent") return undefined;
  if (found === "servfail" || found === "refused") return { ...reply, flags: 0x0180 | CODES[found] };
  const known = Object.keys(zone).some((key) => key.split(" ")[0] === name);
  if (found.length === 0) return { ...reply, flags: known ? 0x0180 : 0x0180 | CODES.nxdomain };
  return { ...reply, answers: found };
}

/** Follows aliases as a resolver does. */
function lookUp(zone: Zone, name: string, type: string): Answer[] | "silent" | "servfail" | "refused" {
  const records = zone[`${name} ${type}`];
  if (typeof records === "string") return records;
  if (records)
    return records.map(
      (text) => ({ name, type: type as RecordType, ttl: 0, class: "IN", data: dataOf(type, text) }) as Answer,
    );
  const alias = zone[`${name} CNAME`];
  if (!Array.isArray(alias) || !alias[0]) return [];
  const rest = lookUp(zone, alias[0], type);
  if (typeof rest === "string") return rest;
  return [{ name, type: "CNAME", ttl: 0, class: "IN", data: alias[0] } as Answer, ...rest];
}

function dataOf(type: string, text: string): unknown {
  if (type === "TXT")
    return (
      Buffer.from(text)
        .toString("latin1")
        .match(/[\s\S]{1,255}/g) ?? [""]
    ).map((one) => Buffer.from(one, "latin1"));
  if (type === "MX") return { preference: Number(text.split(" ")[0]), exchange: text.split(" ")[1] };
  return text;
}
