import { and, eq } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { servers } from "../../db/schema/servers.ts";
import { appNow } from "../clock.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";

/** Connections of a worker to its own sandbox. */
const CONNECTIONS = 4;

/**
 * The organization's sandbox, made when it is missing. Its host and port mean nothing: each worker runs its own and knows where (design: §8).
 * @returns the server's id
 */
export async function ensureSandbox(s: Services, o: { organization: string }): Promise<string> {
  const mine = and(eq(servers.organization, o.organization), eq(servers.kind, "sandbox"));
  const [found] = await s.db.select({ id: servers.id }).from(servers).where(mine);
  if (found) return found.id;
  const [owner] = await s.db.select().from(organizations).where(eq(organizations.id, o.organization));
  if (!owner) throw new NotFound("organization");
  await s.db
    .insert(servers)
    .values({
      id: s.randomId(),
      organization: owner.id,
      kind: "sandbox",
      name: "Sandbox",
      host: "127.0.0.1",
      port: 0,
      encryption: "none",
      auth: "none",
      fromName: owner.legalName,
      fromAddress: owner.privacyEmail,
      envelopeFrom: owner.privacyEmail,
      connections: CONNECTIONS,
      zone: owner.timeZone,
      createdAt: await appNow(s.db),
    })
    .onConflictDoNothing();
  const [made] = await s.db.select({ id: servers.id }).from(servers).where(mine);
  if (!made) throw new NotFound("server");
  return made.id;
}
