import { eq } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { headerText } from "../text/header.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { serverRow } from "./find.ts";

/**
 * The owner accepts one certificate, and no other, for a server whose certificate does not hold (AU-03): the one that its last test has shown.
 * @param o sha256: hex, as it was shown · reason: why, in her words
 * @throws DomainError PIN_NOT_SHOWN (the last test showed another, or none) · PIN_EXPIRED · PIN_REASON
 */
export function pinCertificate(
  s: Services,
  o: { who: Who; server: string; sha256: string; reason: string },
): Promise<void> {
  requireRight(o.who, "servers.write");
  return inTransaction(s, async (tx) => {
    const row = await serverRow(tx.db, { organization: o.who.organization, server: o.server, lock: true });
    const shown = row.testTalk?.find(({ step, ok }) => step === "tls" && !ok)?.facts;
    if (!shown?.sha256 || shown.sha256 !== o.sha256) throw new DomainError("PIN_NOT_SHOWN");
    const now = await appNow(tx.db);
    if (Date.parse(String(shown.until)) < now.getTime()) throw new DomainError("PIN_EXPIRED");
    const reason = headerText(o.reason);
    if (!reason || reason.length < 10 || reason.length > 500) throw new DomainError("PIN_REASON", { field: "reason" });
    const pin = { pinSha256: Buffer.from(o.sha256, "hex"), pinReason: reason, pinnedBy: o.who.user };
    await tx.db
      .update(servers)
      .set({ ...pin, pinnedAt: now })
      .where(eq(servers.id, row.id));
    await audit(tx, {
      ...{ organization: row.organization, user: o.who.user, action: "server.certificate_pinned", object: row.id },
      facts: { sha256: o.sha256 },
    });
  });
}

/** From now on the certificate must hold by itself again. */
export function unpinCertificate(s: Services, o: { who: Who; server: string }): Promise<void> {
  requireRight(o.who, "servers.write");
  return inTransaction(s, async (tx) => {
    const row = await serverRow(tx.db, { organization: o.who.organization, server: o.server, lock: true });
    if (!row.pinSha256) return;
    await tx.db
      .update(servers)
      .set({ pinSha256: null, pinReason: null, pinnedAt: null, pinnedBy: null, testOk: null, testedAt: null })
      .where(eq(servers.id, row.id));
    await audit(tx, {
      ...{ organization: row.organization, user: o.who.user, action: "server.certificate_unpinned", object: row.id },
    });
  });
}
