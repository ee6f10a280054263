import { eq } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { lookAtDkim } from "../../lib/servers/dkim-activate.ts";
import { dkimPage } from "../../lib/servers/dkim-find.ts";
import { makeDkimKeys } from "../../lib/servers/dkim-make.ts";
import { checkDomainNow } from "../../lib/servers/domain-check/check-now.ts";
import type { Services } from "../../lib/services.ts";
import type { Who } from "../../lib/users/who.ts";
import { startDns, type Zone } from "./dns.ts";
import { sinkServer } from "./sending.ts";

/** A domain as people make it: the record of the provider's own page, a DMARC record of the old kind, a host without a name. */
const ZONE: Zone = {
  "libreria.example NS": ["ns.libreria.example"],
  "ns.libreria.example A": ["127.0.0.2"],
  "libreria.example MX": ["10 mail.libreria.example"],
  "mail.libreria.example A": ["93.184.215.14"],
  "libreria.example TXT": ["v=spf1 mx:mail.libreria.example a:mx.cluster2.hosting.example ~all"],
  "mx.cluster2.hosting.example A": ["93.184.215.30"],
  "_dmarc.libreria.example TXT": ["v=DMARC1; p=quarantine; pct=50"],
};

/**
 * A real server with everything that its pages can show of its sender: a key that signs, one that waits for its record, and a domain that was looked at before and after
 * somebody mended its SPF record.
 */
export async function realServer(
  s: Services,
  o: { who: Who; after(work: () => Promise<void>): void },
): Promise<string> {
  const { who } = o;
  const server = await sinkServer(s, { organization: who.organization, port: 25 });
  await s.db.update(servers).set({ host: "mail.libreria.example", liveAt: null }).where(eq(servers.id, server));
  const { dns, zone } = await startDns(o, { zone: { ...ZONE } });
  const world = { ...s, dns };
  await makeDkimKeys(world, { who, server, ed25519: true });
  await publish(world, { who, server, zone });
  await checkDomainNow(world, { who, server, fetch: async () => "" });
  zone["libreria.example TXT"] = ["v=spf1 a:mail.libreria.example a:mx.cluster2.hosting.example ~all"];
  await checkDomainNow(world, { who, server, fetch: async () => "" });
  await makeDkimKeys(world, { who, server, ed25519: false });
  const [waits] = (await dkimPage(world, { who, server })).keys.filter((key) => key.state === "waits");
  if (waits) zone[`${waits.name} TXT`] = ["v=DKIM1; k=rsa; p=TUlJQklqQU5CZ2txaGtpRzl3MEJBUUVGQUFPQ0FROEE="];
  await lookAtDkim(world, { who, server });
  return server;
}

/** The records of all keys, where both resolvers see them. */
async function publish(s: Services, o: { who: Who; server: string; zone: Zone }): Promise<void> {
  for (const key of (await dkimPage(s, o)).keys) o.zone[`${key.name} TXT`] = [key.value];
  await lookAtDkim(s, o);
}
