import { createHash } from "node:crypto";
import { desc, eq } from "drizzle-orm";
import { confirmations } from "../../db/schema/consent.ts";
import { contactKeys, contacts } from "../../db/schema/contacts.ts";
import { forms, formVersions, lists, notices } from "../../db/schema/lists.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { outbox, servers } from "../../db/schema/servers.ts";
import { memberships, users } from "../../db/schema/users.ts";
import { appNow } from "../../lib/clock.ts";
import { confirm } from "../../lib/consent/confirm.ts";
import { requestConsent } from "../../lib/consent/request.ts";
import { openSubject } from "../../lib/contacts/subject.ts";
import { makeLink } from "../../lib/crypto/links.ts";
import { leavePayload } from "../../lib/crypto/payloads.ts";
import { openWith } from "../../lib/crypto/sealed.ts";
import { formHtml } from "../../lib/forms/form-html.ts";
import type { Services } from "../../lib/services.ts";
import { parseAddress } from "../../lib/text/address.ts";
import type { Role } from "../../lib/users/roles.ts";
import type { Who } from "../../lib/users/who.ts";

const sha = (text: string) => createHash("sha256").update(text).digest();

/** An organization with its sandbox server, straight into the tables. */
export async function makeOrganization(
  s: Services,
  o: Partial<typeof organizations.$inferInsert> = {},
): Promise<string> {
  const id = s.randomId();
  const at = await appNow(s.db);
  await s.db.insert(organizations).values({
    id,
    slug: `casa-${id.slice(-12)}`,
    legalName: "Casa editrice Esempio s.r.l.",
    address: "via Roma 1, 50122 Firenze",
    taxId: "01234567890",
    privacyEmail: "privacy@esempio.it",
    createdAt: at,
    ...o,
  });
  await s.db.insert(servers).values({
    id: s.randomId(),
    organization: id,
    kind: "sandbox",
    name: "Sandbox",
    host: "127.0.0.1",
    port: 2525,
    encryption: "none",
    auth: "none",
    fromName: "Casa editrice Esempio",
    fromAddress: "news@esempio.it",
    envelopeFrom: "news@esempio.it",
    createdAt: at,
  });
  return id;
}

/** A signed-in caller. */
export async function makeWho(s: Services, organization: string, ...roles: Role[]): Promise<Who> {
  const id = s.randomId();
  const createdAt = await appNow(s.db);
  await s.db.insert(users).values({ id, email: `${id}@staff.example`, name: "Giulia", createdAt });
  for (const role of roles) await s.db.insert(memberships).values({ user: id, organization, role, createdAt });
  return { user: id, organization, roles, operator: false };
}

/** A list with published words and form. */
export async function makeList(
  s: Services,
  organization: string,
  name = "Novità",
): Promise<{ list: string; form: string }> {
  const [list, form] = [s.randomId(), s.randomId()];
  const at = await appNow(s.db);
  const shared = { organization, createdAt: at };
  await s.db.insert(lists).values({
    ...shared,
    id: list,
    name,
    topics: "novità e offerte",
    frequency: "una volta al mese",
    locale: "it",
    tone: "tu",
  });
  const kinds = ["consent_box", "short_notice", "confirmation_mail", "confirm_page"] as const;
  const rows = kinds.map((kind) => {
    const body =
      kind === "confirm_page"
        ? `Pagina di {address} per ${name}\n\nParole:\n{words}\n\n[Sì, confermo] [Non ero io]\n\nAttiva dal {at}.`
        : `${kind} di ${name}: acconsento a ricevere e-mail promozionali`;
    return {
      ...{
        ...shared,
        id: s.randomId(),
        list,
        kind,
        locale: "it" as const,
        tone: "tu" as const,
        version: 1,
        body,
        sha256: sha(body),
      },
      ...(kind === "consent_box" ? { purpose: "promo" as const } : {}),
      publishedAt: at,
    };
  });
  await s.db.insert(notices).values(rows);
  await s.db.insert(forms).values({ ...shared, id: form, list, name: "Piè di pagina" });
  const html = formHtml({
    locale: "it",
    shortNotice: { text: rows[1]?.body ?? "", version: 1 },
    boxes: [{ purpose: "promo", text: rows[0]?.body ?? "", version: 1 }],
    fullNotice: { url: "/p/casa/privacy", label: "Informativa completa" },
    textNumber: (version) => `testo n. ${version}`,
  });
  await s.db.insert(formVersions).values({
    ...{ form, version: 1, organization, locale: "it", tone: "tu", html, sha256: sha(html) },
    notices: rows.map((row) => row.id),
    noticeHashes: rows.map((row) => row.sha256),
    publishedAt: at,
  });
  return { list, form };
}

/** Somebody asks on the form. Returns the two links of the mail that waits in the outbox, or nothing when none was written. */
export async function askFor(
  s: Services,
  form: string,
  typed: string,
  purpose: "promo" | "editorial" = "promo",
): Promise<{ confirm: string; refuse: string } | undefined> {
  const address = parseAddress(typed);
  if (!address) throw new Error(`${typed} is no address`);
  const count = async () => (await s.db.select({ id: confirmations.id }).from(confirmations)).length;
  const before = await count();
  const boxes = [{ purpose, shown: true, ticked: true }];
  await requestConsent(s, {
    ...{ form, version: 1, address, locale: "it", boxes, network: "203.0.113.9" },
    request: { ip: "203.0.113.9", ipFrom: "socket", userAgent: "Test/1", page: "https://negozio.example/iscriviti" },
  });
  if ((await count()) === before) return undefined;
  const [mail] = await s.db.select().from(outbox).orderBy(desc(outbox.id)).limit(1);
  const subject = mail?.subject ? await openSubject(s, mail.subject) : undefined;
  if (!mail?.payload || !subject) throw new Error("a confirmation mail waits");
  const plain = openWith(subject.key, { table: "outbox", row: mail.id, column: "payload" }, mail.payload);
  const { facts } = JSON.parse(plain.toString()) as { facts: { confirmLink: string; refuseLink: string } };
  const token = (link: string) => link.slice(link.lastIndexOf("/") + 1);
  return { confirm: token(facts.confirmLink), refuse: token(facts.refuseLink) };
}

/** Somebody asks and confirms. Returns her contact's id and her leave link for the list. */
export async function subscribe(
  s: Services,
  o: { list: string; form: string },
  typed: string,
): Promise<{ contact: string; leave: string }> {
  const links = await askFor(s, o.form, typed);
  if (!links) throw new Error("no mail was written");
  const view = await confirm(s, { token: links.confirm, request: { ip: "2001:db8::7", ipFrom: "socket" } });
  if (view.state !== "confirmed" || !view.contact) throw new Error(`not confirmed: ${view.state}`);
  return { contact: view.contact, leave: await leaveToken(s, view.contact, o.list) };
}

/** The leave link that a mailing to her would carry. */
export async function leaveToken(s: Services, contact: string, list: string | null): Promise<string> {
  const [row] = await s.db.select().from(contacts).where(eq(contacts.id, contact));
  const [key] = await s.db.select().from(contactKeys).where(eq(contactKeys.contact, contact));
  if (!row || !key) throw new Error("the contact exists");
  return makeLink(s.keys, "u", leavePayload({ organization: row.organization, list, contact, key: key.key }));
}
