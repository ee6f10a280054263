import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { organizationOf } from "./find.ts";
import { saveDraft } from "./save.ts";
import { startAt } from "./start-at.ts";
import type { Saved, Sending } from "./types.ts";

/** As a form sends it: times as `2026-11-30T09:00` on the organization's clocks; empty: now, and no end. */
export type TypedSending = Omit<Sending, "startsAt" | "notAfter"> & { startsAt: string; notAfter: string };

/**
 * Saves when and how fast a draft is to be sent.
 * @throws as `saveDraft` and `startAt` do, the latter with the field · CAMPAIGN_HOURS · CAMPAIGN_NOT_AFTER
 */
export async function saveSending(
  s: Services,
  o: { who: Who; campaign: string; version: number; typed: TypedSending },
): Promise<Saved> {
  requireRight(o.who, "campaigns.write");
  const times = await readTimes(s, { organization: o.who.organization, ...o.typed });
  return saveDraft(s, { who: o.who, campaign: o.campaign, version: o.version, change: { ...o.typed, ...times } });
}

/** Wall times of a form as instants. @throws what `startAt` does, with the field */
export async function readTimes(
  s: Services,
  o: { organization: string; startsAt: string; notAfter: string },
): Promise<Pick<Sending, "startsAt" | "notAfter">> {
  const { timeZone: zone } = await organizationOf(s.db, o.organization);
  const now = await appNow(s.db);
  const read = (field: "startsAt" | "notAfter") => {
    if (o[field] === "") return null;
    try {
      return startAt(o[field], { zone, now }).at.toISOString();
    } catch (error) {
      if (error instanceof DomainError) throw new DomainError(error.code, { ...error.facts, field });
      throw error;
    }
  };
  return { startsAt: read("startsAt"), notAfter: read("notAfter") };
}
