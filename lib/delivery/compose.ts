import { createHash } from "node:crypto";
import { sealWith } from "../crypto/sealed.ts";
import type { Services } from "../services.ts";
import type { Wanted } from "./hand-off.ts";
import type { Claimed, Mailer } from "./types.ts";

/** A claimed row with its message: what a connection writes. */
export type Composed = { row: Claimed; wanted: Wanted; raw: Buffer | undefined };

/**
 * Composes one message and seals what was merged into it. Never throws: a person whose message cannot be made gets a fault in the place of it, and the others go on (F37).
 */
export function compose(
  s: Services,
  o: { mailer: Mailer; prepared: unknown; row: Claimed; attempt: string },
): Composed {
  const { campaign, position, contact, list, recipient } = o.row;
  const wanted: Wanted = {
    campaign,
    position,
    contact,
    list,
    attempt: o.attempt,
    fault: null,
    sha256: null,
    subject: null,
    sealed: null,
  };
  // Her row or her key is gone: the gate says "erased". Should it not, the row ends here all the same.
  if (!recipient) return { row: o.row, wanted: { ...wanted, fault: "no_recipient" }, raw: undefined };
  try {
    const { raw, sha256 } = o.mailer.render(o.prepared, recipient.values);
    return {
      row: o.row,
      raw,
      wanted: {
        ...wanted,
        sha256: sha256 ? Buffer.from(sha256, "hex") : createHash("sha256").update(raw).digest(),
        subject: recipient.subject.id,
        sealed: sealWith(
          recipient.subject.key,
          valuesPlace(o.row),
          Buffer.from(JSON.stringify(recipient.values)),
          s.randomBytes,
        ),
      },
    };
  } catch (error) {
    s.log.warn("message_not_composed", {
      campaign,
      position,
      code: (error as { code?: string }).code ?? (error as Error).name,
    });
    return { row: o.row, wanted: { ...wanted, fault: "not_composed" }, raw: undefined };
  }
}

/** Where the sealed values of a delivery stand. */
export const valuesPlace = (o: { campaign: string; position: number }) => ({
  table: "delivery_values",
  row: `${o.campaign}/${o.position}`,
  column: "sealed",
});
