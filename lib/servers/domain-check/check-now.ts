import { withinLimits } from "../../consent/limits.ts";
import { DomainError } from "../../errors.ts";
import { inTransaction, type Services } from "../../services.ts";
import { requireRight } from "../../users/roles.ts";
import type { Who } from "../../users/who.ts";
import { checkDomain } from "./check-domain.ts";
import { keepCheck } from "./keep-check.ts";
import type { FetchPolicy } from "./mta-sts.ts";
import { senderOf } from "./senders.ts";

/** Checks of one person in an hour. */
const MOST = 60;

/**
 * The domain check because somebody pressed, after she changed a record.
 * @throws DomainError SANDBOX_IS_FIXED · DOMAIN_CHECK_LIMIT · NotFound
 */
export async function checkDomainNow(s: Services, o: { who: Who; server: string; fetch?: FetchPolicy }): Promise<void> {
  requireRight(o.who, "servers.write");
  const { organization, user } = o.who;
  const sender = await senderOf(s, { organization, server: o.server });
  if (sender.server.kind === "sandbox") throw new DomainError("SANDBOX_IS_FIXED");
  const limit = { scope: "domain_check_now", key: Buffer.from(user), most: MOST, hours: 1 };
  if (!(await inTransaction(s, (tx) => withinLimits(tx.db, [limit]))))
    throw new DomainError("DOMAIN_CHECK_LIMIT", { most: MOST });
  const checked = await checkDomain(s, { sender, ...(o.fetch ? { fetch: o.fetch } : {}) });
  await keepCheck(s, { sender, checked });
}
