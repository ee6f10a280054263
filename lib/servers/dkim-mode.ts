import { eq } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { audit } from "../audit/log.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { asciiDomain } from "../text/domain.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { keysOf, signingDomain } from "./dkim-find.ts";
import { dkimName, readKeyRecord } from "./dkim-record.ts";
import { serverRow } from "./find.ts";

const SELECTOR = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

export type DkimMode = { dkim: "ours" } | { dkim: "none" } | { dkim: "provider"; domain: string; selector: string };

/**
 * Says who signs what a server carries: we, the provider (then its record must exist), nobody.
 * @throws DomainError SANDBOX_IS_FIXED · DKIM_INVALID {field} · DKIM_PROVIDER_MISSING {name} · DKIM_PROVIDER_UNKNOWN {name} (the DNS did not answer) · DKIM_NO_KEYS · NotFound
 */
export async function setDkim(s: Services, o: { who: Who; server: string; mode: DkimMode }): Promise<void> {
  requireRight(o.who, "servers.write");
  const { organization, user } = o.who;
  const server = await serverRow(s.db, { organization, server: o.server });
  if (server.kind === "sandbox") throw new DomainError("SANDBOX_IS_FIXED");
  const provider = o.mode.dkim === "provider" ? await providerOf(s, o.mode) : undefined;
  const domain = signingDomain(server);
  if (o.mode.dkim === "ours" && (await keysOf(s.db, { organization, domain })).length === 0)
    throw new DomainError("DKIM_NO_KEYS");
  await inTransaction(s, async (tx) => {
    const set = { dkim: o.mode.dkim, dkimDomain: provider?.domain ?? null, dkimSelector: provider?.selector ?? null };
    await tx.db.update(servers).set(set).where(eq(servers.id, server.id));
    await audit(tx, { organization, user, action: `dkim.${o.mode.dkim}`, object: server.id, facts: { ...provider } });
  });
}

async function providerOf(s: Services, o: { domain: string; selector: string }) {
  const domain = asciiDomain(o.domain.trim().toLowerCase());
  const selector = o.selector.trim().toLowerCase();
  if (!domain) throw new DomainError("DKIM_INVALID", { field: "domain" });
  if (!SELECTOR.test(selector)) throw new DomainError("DKIM_INVALID", { field: "selector" });
  const name = dkimName({ domain, selector });
  const answer = await s.dns(name, "TXT");
  if (answer.is === "unknown") throw new DomainError("DKIM_PROVIDER_UNKNOWN", { name, field: "selector" });
  const usable = answer.is === "found" && answer.records.some((text) => readKeyRecord(text).fault === null);
  if (!usable) throw new DomainError("DKIM_PROVIDER_MISSING", { name, field: "selector" });
  return { domain, selector };
}
