import { installation } from "../../db/schema/installation.ts";
import { audit } from "../audit/log.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** Hosts and ports that sending servers may use beside public addresses and the usual ports, one `host:port` each (B51, B89). */
export async function smtpAllow(s: Services, o: { who: Who }): Promise<{ pairs: string[]; fromSettings: string[] }> {
  requireRight(o.who, "installation");
  const [row] = await s.db.select({ pairs: installation.smtpAllow }).from(installation);
  return {
    pairs: row?.pairs ?? [],
    fromSettings: s.config.ASSENSO_SMTP_ALLOW.map(({ host, port }) => `${host}:${port}`),
  };
}

/**
 * Replaces the list. What it names may be reached from this machine by whoever may write sending servers: internal hosts too.
 * @throws DomainError SMTP_ALLOW_INVALID { pair }, TOO_MANY
 */
export async function setSmtpAllow(s: Services, o: { who: Who; pairs: string[] }): Promise<string[]> {
  requireRight(o.who, "installation");
  const pairs = [...new Set(o.pairs.map(readPair))].sort();
  if (pairs.length > 100) throw new DomainError("SMTP_ALLOW_TOO_MANY", { n: 100, field: "pairs" });
  return inTransaction(s, async (tx) => {
    await tx.db.update(installation).set({ smtpAllow: pairs });
    await audit(tx, {
      organization: null,
      user: o.who.user,
      action: "installation.smtp_allow",
      facts: { n: pairs.length },
    });
    return pairs;
  });
}

function readPair(typed: string): string {
  const [, host = "", port = ""] = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253}):(\d{1,5})$/i.exec(typed.trim()) ?? [];
  if (!host || Number(port) < 1 || Number(port) > 65535)
    throw new DomainError("SMTP_ALLOW_INVALID", { pair: typed.trim().slice(0, 80), field: "pairs" });
  return `${host.replace(/^\[|\]$/g, "").toLowerCase()}:${Number(port)}`;
}
