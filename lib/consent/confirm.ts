import { and, eq, inArray, isNull, lte, notInArray, or } from "drizzle-orm";
import { bases, confirmations, consentEvents } from "../../db/schema/consent.ts";
import { contactKeys, contacts, provenance, subjects, suppressions } from "../../db/schema/contacts.ts";
import { appNow } from "../clock.ts";
import { lockContact } from "../contacts/lock.ts";
import type { Subject } from "../contacts/subject.ts";
import { suppressionKeys } from "../crypto/address-keys.ts";
import { journalScope, suppressionText } from "../journal/fields.ts";
import { markApplied } from "../journal/marks.ts";
import { appendPerson } from "../ledger/append.ts";
import { inTransaction, type Services } from "../services.ts";
import { parseAddress } from "../text/address.ts";
import { addMonths, requestFacts } from "./facts.ts";
import { type Confirmation, findConfirmation, openRequest } from "./find-confirmation.ts";
import { type Published, publishedForConsent } from "./published.ts";
import { type ConfirmationView, viewOf } from "./show-confirmation.ts";
import { superseded } from "./superseded.ts";
import type { RequestFacts } from "./types.ts";

/** What her own confirmation never lifts (design: §6, who may come back); `not_me` is over by itself after 12 months. */
const STAYS = ["blocked", "restricted", "not_me"] as const;

/**
 * The person pressed "I confirm" (DO-03: only a POST comes here). Each ticked purpose becomes a basis (DO-05); what she had ended before is lifted.
 * A link that was used, refused, has expired or was superseded by a withdrawal changes nothing: the view says which.
 */
export function confirm(s: Services, o: { token: string; request: RequestFacts }): Promise<ConfirmationView> {
  return inTransaction(s, async (tx) => {
    const row = await findConfirmation(tx, o.token, true);
    if (!row) return { state: "unknown" };
    if (row.outcome || row.expiresAt <= (await appNow(tx.db))) return viewOf(tx, row);
    const request = await openRequest(tx, row);
    const address = request && parseAddress(request.address);
    if (!request || !address) return viewOf(tx, row);
    const contact = await findOrCreateContact(tx, row, { ...request, key: address.key });
    await lockContact(tx.db, contact);
    if (await superseded(tx, row)) return viewOf(tx, row);
    const published = await publishedForConsent(tx.db, { form: row.form, version: row.formVersion });
    const done = await giveBases(tx, { row, contact, subject: request.subject, published, request: o.request });
    await lift(tx, { row, contact, addressKey: address.key, ...done });
    const changed = { outcome: "confirmed" as const, outcomeAt: done.at, contact, sealed: null };
    await tx.db.update(confirmations).set(changed).where(eq(confirmations.id, row.id));
    return viewOf(tx, { ...row, ...changed });
  });
}

/** The contact comes into being by confirming, with her origin (LB-01) and the keys by which the gate finds suppressions. */
async function findOrCreateContact(
  s: Services,
  row: Confirmation,
  r: { address: string; key: string; locale: "it" | "en" },
) {
  const id = s.randomId();
  const origin = s.randomId();
  const at = await appNow(s.db);
  const [made] = await s.db
    .insert(contacts)
    .values({
      id,
      organization: row.organization,
      address: r.address,
      addressKey: r.key,
      locale: r.locale,
      provenance: origin,
      createdAt: at,
    })
    .onConflictDoNothing({ target: [contacts.organization, contacts.addressKey] })
    .returning({ id: contacts.id });
  if (!made) {
    const [known] = await s.db
      .select({ id: contacts.id })
      .from(contacts)
      .where(and(eq(contacts.organization, row.organization), eq(contacts.addressKey, r.key)));
    if (!known) throw new Error("a contact that conflicts is a contact that exists");
    return known.id;
  }
  await s.db.insert(provenance).values({
    id: origin,
    organization: row.organization,
    contact: id,
    kind: "self_form",
    collectedAt: row.createdAt,
    form: row.form,
    event: row.events[0] ?? null,
  });
  await s.db.insert(contactKeys).values(
    suppressionKeys(s.keys, row.organization, r.key).map((k) => ({
      contact: id,
      organization: row.organization,
      ...k,
    })),
  );
  return id;
}

type Given = { events: string[]; at: Date };

async function giveBases(
  s: Services,
  o: { row: Confirmation; contact: string; subject: Subject; published: Published; request: RequestFacts },
): Promise<Given> {
  const { row, contact, published } = o;
  await s.db.update(subjects).set({ contact }).where(eq(subjects.id, row.subject));
  const at = await appNow(s.db);
  const until = addMonths(at, published.organization.consentMonths);
  const simulated = row.simulated ?? false;
  const events: string[] = [];
  for (const previous of row.events) {
    const purpose = await purposeOf(s, previous);
    const id = await appendPerson(s, {
      subject: o.subject,
      record: {
        v: 1,
        id: s.randomId(),
        organization: row.organization,
        kind: "consent.confirmed",
        at: at.toISOString(),
        contact,
        list: row.list,
        purpose,
        level: "E3",
        valid_until: until.toISOString(),
        actor: { type: "subject" },
        method: "doi_post",
        notice: published.shown,
        form: { id: row.form, version: row.formVersion, sha256: published.form.sha256.toString("hex") },
        mail: { simulated },
        request: requestFacts(o.request),
        previous,
      },
    });
    events.push(id);
    await s.db
      .update(bases)
      .set({ endedAt: at, endedBy: id, endedReason: "replaced" })
      .where(
        and(eq(bases.contact, contact), eq(bases.list, row.list), eq(bases.purpose, purpose), isNull(bases.endedAt)),
      );
    await s.db.insert(bases).values({
      id: s.randomId(),
      organization: row.organization,
      contact,
      list: row.list,
      purpose,
      event: id,
      level: "E3",
      simulated,
      from: at,
      until,
    });
  }
  return { events, at };
}

async function purposeOf(s: Services, event: string) {
  const [row] = await s.db
    .select({ purpose: consentEvents.purpose })
    .from(consentEvents)
    .where(eq(consentEvents.id, event));
  if (!row?.purpose) throw new Error("a request for consent has a purpose");
  return row.purpose;
}

/** Takes back what her own confirmation takes back, and says so in the journal first: `confirmed` gives no consent there, it only takes back. */
async function lift(s: Services, o: { row: Confirmation; contact: string; addressKey: string } & Given): Promise<void> {
  const { row } = o;
  const keys = suppressionKeys(s.keys, row.organization, o.addressKey).map((k) => k.key);
  const open = and(
    eq(suppressions.organization, row.organization),
    inArray(suppressions.key, keys),
    isNull(suppressions.liftedAt),
    lte(suppressions.from, o.at),
    or(isNull(suppressions.list), eq(suppressions.list, row.list)),
    notInArray(suppressions.reason, [...STAYS]),
  );
  const lifted = await s.db.select({ event: suppressions.event }).from(suppressions).where(open);
  const event = o.events[0];
  if (lifted.length === 0 || !event) return;
  const n = await s.journal.write({
    kind: "confirmed",
    id: event,
    organization: row.organization,
    key: suppressionText(row),
    scope: journalScope({ list: row.list }),
    answers: lifted.map((x) => x.event),
  });
  await s.db.update(suppressions).set({ liftedAt: o.at, liftedBy: event }).where(open);
  await markApplied(s.db, { writer: s.journal.writer, n });
}
