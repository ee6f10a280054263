import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { campaigns, deliveries, deliveryValues } from "../../db/schema/campaigns.ts";
import { audit } from "../audit/log.ts";
import { openSubject } from "../contacts/subject.ts";
import { openWith } from "../crypto/sealed.ts";
import { DomainError, NotFound } from "../errors.ts";
import { keysById, signNow } from "../servers/dkim-sign.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { campaignMailer } from "./campaign-mailer.ts";
import { valuesPlace } from "./compose.ts";
import type { Mailer, MessageValues } from "./types.ts";

/**
 * The exact copy of what one person was sent, rebuilt from the frozen texts and her sealed values, as an answer to "what did you write to me".
 * Looking is recorded.
 * @returns the message and its SHA-256; `same`: whether that is the one that was kept when it left
 * @throws MESSAGE_GONE when her key was destroyed or nothing left · NotFound
 */
export async function rebuildMessage(
  s: Services,
  o: { who: Who; campaign: string; position: number; mailer?: Mailer },
): Promise<{ raw: Buffer; sha256: string; same: boolean }> {
  requireRight(o.who, "evidence.see");
  const mine = and(
    eq(deliveries.campaign, o.campaign),
    eq(deliveries.position, o.position),
    eq(campaigns.organization, o.who.organization),
  );
  const [row] = await s.db
    .select({ sha256: deliveryValues.sha256, subject: deliveryValues.subject, sealed: deliveryValues.sealed })
    .from(deliveries)
    .innerJoin(campaigns, eq(campaigns.id, deliveries.campaign))
    .leftJoin(
      deliveryValues,
      and(eq(deliveryValues.campaign, deliveries.campaign), eq(deliveryValues.position, deliveries.position)),
    )
    .where(mine);
  if (!row) throw new NotFound("delivery");
  const subject = row.subject ? await openSubject(s, row.subject) : undefined;
  if (!subject || !row.sealed) throw new DomainError("MESSAGE_GONE");
  const values = JSON.parse(openWith(subject.key, valuesPlace(o), row.sealed).toString()) as MessageValues;
  const mailer = o.mailer ?? campaignMailer;
  const keys = await keysById(s, { organization: o.who.organization, ids: values.dkim ?? [] });
  const { raw: unsigned } = mailer.render(await mailer.prepare(s, o), values);
  const raw = signNow(unsigned, { keys, at: new Date(values.date) });
  const digest = createHash("sha256").update(raw).digest();
  await audit(s, {
    organization: o.who.organization,
    user: o.who.user,
    action: "message.rebuilt",
    object: o.campaign,
    facts: { position: o.position },
  });
  return { raw, sha256: digest.toString("hex"), same: row.sha256?.equals(digest) ?? false };
}
