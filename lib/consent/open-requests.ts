import { and, asc, eq, gt, isNull } from "drizzle-orm";
import { confirmations } from "../../db/schema/consent.ts";
import { forms, lists } from "../../db/schema/lists.ts";
import { appNow } from "../clock.ts";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { maskAddress } from "../text/address.ts";
import { requireRight, seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { openRequest } from "./find-confirmation.ts";

export type RequestRow = { id: string; address: string; form: string; at: Date; expiresAt: Date };

/**
 * Requests for a list that wait for their confirmation, those that expire first first. They are no contacts yet: the address is opened from the
 * request's own sealed row, and masked for those who read addresses masked.
 * @throws NotFound when the list is not of the caller's organization
 */
export async function openRequests(
  s: Services,
  o: { who: Who; list: string; after?: string; limit?: number },
): Promise<{ rows: RequestRow[]; next?: string }> {
  requireRight(o.who, "contacts.see");
  const { organization } = o.who;
  const limit = o.limit ?? 50;
  await mustOwn(s, o);
  const rows = await s.db
    .select({ request: confirmations, form: forms.name })
    .from(confirmations)
    .innerJoin(forms, eq(forms.id, confirmations.form))
    .where(
      and(
        eq(confirmations.organization, organization),
        eq(confirmations.list, o.list),
        isNull(confirmations.outcome),
        gt(confirmations.expiresAt, await appNow(s.db)),
        o.after && isUuid(o.after) ? gt(confirmations.id, o.after) : undefined,
      ),
    )
    .orderBy(asc(confirmations.id))
    .limit(limit + 1);
  const page: RequestRow[] = [];
  for (const { request, form } of rows.slice(0, limit)) {
    const address = (await openRequest(s, request))?.address ?? "";
    const shown = seesAddresses(o.who) ? address : maskAddress(address);
    page.push({ id: request.id, address: shown, form, at: request.createdAt, expiresAt: request.expiresAt });
  }
  const last = page.at(-1);
  return { rows: page, ...(rows.length > limit && last ? { next: last.id } : {}) };
}

async function mustOwn(s: Services, o: { who: Who; list: string }): Promise<void> {
  if (!isUuid(o.list)) throw new NotFound("list");
  const [own] = await s.db
    .select({ id: lists.id })
    .from(lists)
    .where(and(eq(lists.id, o.list), eq(lists.organization, o.who.organization)));
  if (!own) throw new NotFound("list");
}
