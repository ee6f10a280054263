import { eq, inArray } from "drizzle-orm";
import { consentEvents } from "../../db/schema/consent.ts";
import { contacts } from "../../db/schema/contacts.ts";
import type { organizations } from "../../db/schema/organizations.ts";
import { appNow } from "../clock.ts";
import type { Services } from "../services.ts";
import { maskAddress } from "../text/address.ts";
import { type Confirmation, findConfirmation, openRequest } from "./find-confirmation.ts";
import { type Published, publishedForConsent } from "./published.ts";
import { superseded } from "./superseded.ts";
import type { Words } from "./types.ts";

/** What the page behind a confirmation link shows. `superseded`: the person withdrew after she had asked; the link gives nothing any more. */
export type ConfirmationView =
  | { state: "unknown" }
  | {
      state: "open" | "confirmed" | "refused" | "expired" | "superseded";
      /** The link pressed was "it was not me". */
      refusing: boolean;
      organization: typeof organizations.$inferSelect;
      list: { id: string; name: string; frequency: string };
      form: string;
      locale: "it" | "en";
      tone: "tu" | "lei";
      words: Words[];
      /** The page as it was published with the form: what the event's hash stands for (CC-04). */
      page: Published["confirmPage"];
      maskedAddress?: string;
      contact?: string;
      at?: Date;
      expiresAt: Date;
    };

/** Looks, and changes nothing: what a GET, a HEAD, a scanner and a prefetch may do a thousand times (DO-03). */
export async function showConfirmation(s: Services, o: { token: string }): Promise<ConfirmationView> {
  const row = await findConfirmation(s, o.token);
  return row ? viewOf(s, row) : { state: "unknown" };
}

/** The view of a request that was found, as it stands now. */
export async function viewOf(s: Services, row: Confirmation & { refusing: boolean }): Promise<ConfirmationView> {
  const published = await publishedForConsent(s.db, { form: row.form, version: row.formVersion });
  const ticked = await tickedPurposes(s, row);
  const address = await addressOf(s, row);
  return {
    state: await stateOf(s, row),
    refusing: row.refusing,
    organization: published.organization,
    list: published.list,
    form: row.form,
    locale: published.form.locale,
    tone: published.form.tone,
    words: ticked ? published.words.filter((w) => ticked.includes(w.purpose)) : published.words,
    page: published.confirmPage,
    expiresAt: row.expiresAt,
    ...(address ? { maskedAddress: maskAddress(address) } : {}),
    ...(row.contact ? { contact: row.contact } : {}),
    ...(row.outcomeAt ? { at: row.outcomeAt } : {}),
  };
}

async function stateOf(s: Services, row: Confirmation) {
  if (row.outcome) return row.outcome;
  if (row.expiresAt <= (await appNow(s.db))) return "expired";
  return (await superseded(s, row)) ? "superseded" : "open";
}

async function addressOf(s: Services, row: Confirmation): Promise<string | undefined> {
  if (row.contact) {
    const [contact] = await s.db
      .select({ address: contacts.address })
      .from(contacts)
      .where(eq(contacts.id, row.contact));
    return contact?.address;
  }
  return (await openRequest(s, row))?.address;
}

async function tickedPurposes(s: Services, row: Confirmation): Promise<string[] | undefined> {
  const rows = await s.db
    .select({ purpose: consentEvents.purpose })
    .from(consentEvents)
    .where(inArray(consentEvents.id, row.events));
  return rows.length > 0 ? rows.flatMap((r) => r.purpose ?? []) : undefined;
}
