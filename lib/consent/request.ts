import { and, eq, gt, inArray, isNull, or } from "drizzle-orm";
import { confirmations } from "../../db/schema/consent.ts";
import { suppressions } from "../../db/schema/contacts.ts";
import { outbox } from "../../db/schema/servers.ts";
import { appNow } from "../clock.ts";
import { newSubject, type Subject } from "../contacts/subject.ts";
import { abuseKey, suppressionKey, suppressionKeys } from "../crypto/address-keys.ts";
import { makeLink } from "../crypto/links.ts";
import { sealWith } from "../crypto/sealed.ts";
import { hashToken, newToken } from "../crypto/tokens.ts";
import { appendPerson } from "../ledger/append.ts";
import { inTransaction, type Services } from "../services.ts";
import type { ParsedAddress } from "../text/address.ts";
import { requestFacts } from "./facts.ts";
import { confirmationLimits, withinLimits } from "./limits.ts";
import { type Published, publishedForConsent } from "./published.ts";
import type { BoxState, RequestFacts } from "./types.ts";

/** How long a confirmation link works (formats.md §6 c). */
export const CONFIRM_DAYS = 7;

/** Reasons that keep even a confirmation mail from leaving; the page answers as always (design: §6, who may come back). */
const SILENT = ["not_me", "blocked", "restricted"] as const;

export type ConsentRequest = {
  form: string;
  version: number;
  address: ParsedAddress;
  locale: "it" | "en";
  boxes: BoxState[];
  /** IPv4 address or IPv6 /64, for the limits. */
  network?: string;
  request: RequestFacts;
};

/**
 * Somebody asked to be written to. Records the request under a key of its own, and puts the confirmation mail into the outbox, in one transaction.
 * Over a limit, or where the person said "it was not me", nothing happens: the caller answers the same in every case and cannot tell (B55, B56).
 * @throws NotFound for a form that does not exist
 */
export function requestConsent(s: Services, o: ConsentRequest): Promise<void> {
  return inTransaction(s, async (tx) => {
    const published = await publishedForConsent(tx.db, o);
    const organization = published.organization.id;
    const ticked = o.boxes.filter((box) => box.shown && box.ticked);
    if (ticked.length === 0) return;
    if (await mustStaySilent(tx, organization, published.list.id, o.address.key)) return;
    const kid = tx.keys.write;
    const address = suppressionKey(tx.keys, kid, organization, o.address.key);
    const limits = confirmationLimits({
      organization,
      list: published.list.id,
      address,
      abuse: abuseKey(tx.keys, o.address.key),
      domain: o.address.domain,
      ...(o.network ? { network: o.network } : {}),
    });
    if (!(await withinLimits(tx.db, limits))) return;
    await record(tx, o, published, { kid, key: address, ticked });
  });
}

async function mustStaySilent(s: Services, organization: string, list: string, addressKey: string): Promise<boolean> {
  const keys = suppressionKeys(s.keys, organization, addressKey).map((k) => k.key);
  const at = await appNow(s.db);
  const [found] = await s.db
    .select({ id: suppressions.id })
    .from(suppressions)
    .where(
      and(
        eq(suppressions.organization, organization),
        inArray(suppressions.key, keys),
        inArray(suppressions.reason, [...SILENT]),
        isNull(suppressions.liftedAt),
        or(isNull(suppressions.until), gt(suppressions.until, at)),
        or(isNull(suppressions.list), eq(suppressions.list, list)),
      ),
    )
    .limit(1);
  return found !== undefined;
}

async function record(
  s: Services,
  o: ConsentRequest,
  published: Published,
  k: { kid: number; key: Buffer; ticked: BoxState[] },
) {
  const at = await appNow(s.db);
  const organization = published.organization.id;
  const subject = await newSubject(s, { organization, at });
  const events: string[] = [];
  for (const box of k.ticked) {
    events.push(
      await appendPerson(s, {
        subject,
        record: {
          v: 1,
          id: s.randomId(),
          organization,
          kind: "consent.requested",
          at: at.toISOString(),
          address: o.address.address,
          list: published.list.id,
          purpose: box.purpose,
          level: "E2",
          actor: { type: "subject" },
          method: "web_form",
          notice: published.shown,
          form: { id: o.form, version: o.version, sha256: published.form.sha256.toString("hex") },
          boxes: o.boxes,
          request: requestFacts(o.request),
        },
      }),
    );
  }
  await putIntoOutbox(s, o, published, { ...k, subject, events, at });
}

async function putIntoOutbox(
  s: Services,
  o: ConsentRequest,
  published: Published,
  k: { kid: number; key: Buffer; ticked: BoxState[]; subject: Subject; events: string[]; at: Date },
) {
  const [confirm, refuse] = [newToken(s.randomBytes), newToken(s.randomBytes)];
  const id = s.randomId();
  const expiresAt = new Date(k.at.getTime() + CONFIRM_DAYS * 86_400_000);
  const sealed = (table: string, row: string, column: string, x: unknown) =>
    sealWith(k.subject.key, { table, row, column }, Buffer.from(JSON.stringify(x)), s.randomBytes);
  await s.db.insert(confirmations).values({
    id,
    tokenHash: hashToken(confirm),
    refuseHash: hashToken(refuse),
    organization: published.organization.id,
    subject: k.subject.id,
    list: published.list.id,
    form: o.form,
    formVersion: o.version,
    events: k.events,
    kid: k.kid,
    key: k.key,
    sealed: sealed("confirmations", id, "sealed", { address: o.address.address, locale: o.locale }),
    createdAt: k.at,
    expiresAt,
  });
  const mail = s.randomId();
  await s.db.insert(outbox).values({
    id: mail,
    organization: published.organization.id,
    kind: "confirmation",
    subject: k.subject.id,
    confirmation: id,
    payload: sealed(
      "outbox",
      mail,
      "payload",
      confirmationFacts(o, published, { confirm, refuse, at: k.at, expiresAt, s, ticked: k.ticked }),
    ),
    dueAt: k.at,
    createdAt: k.at,
  });
}

/** What the mail is composed from when it leaves: nothing that the person typed but her address (design: §7.8). */
function confirmationFacts(
  o: ConsentRequest,
  published: Published,
  k: { confirm: Buffer; refuse: Buffer; at: Date; expiresAt: Date; s: Services; ticked: BoxState[] },
) {
  const link = (token: Buffer) => `${k.s.config.PUBLIC_URL}/c/${makeLink(k.s.keys, "c", token)}`;
  return {
    to: o.address.address,
    locale: published.form.locale,
    tone: published.form.tone,
    facts: {
      at: k.at.toISOString(),
      expiresAt: k.expiresAt.toISOString(),
      page: originOf(o.request.page),
      list: published.list.name,
      words: published.words.filter((w) => k.ticked.some((box) => box.purpose === w.purpose)),
      confirmLink: link(k.confirm),
      refuseLink: link(k.refuse),
    },
  };
}

/** Only the origin of the page goes into the mail: a path could carry somebody's text (B60). */
function originOf(page: string | undefined): string | null {
  try {
    return page ? new URL(page).origin : null;
  } catch {
    return null;
  }
}
