import { desc, eq } from "drizzle-orm";
import { forms, formVersions } from "../../db/schema/lists.ts";
import { appNow } from "../clock.ts";
import { sha256 } from "../crypto/hash.ts";
import { DomainError } from "../errors.ts";
import { appendOther } from "../ledger/append.ts";
import { inForce, type WordsInForce } from "../notices/in-force.ts";
import type { Locale, Tone } from "../notices/words/types.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { formHtml } from "./form-html.ts";
import { FormName } from "./form-name.ts";
import { formOf } from "./queries.ts";
import { formTexts } from "./words.ts";

export type PublishForm = {
  who: Who;
  list: string;
  /** What staff call it ("Piè di pagina sito"); a form that exists keeps its name when left out. */
  name?: string;
  /** An existing form whose next version this is. */
  form?: string;
  locale?: Locale;
  tone?: Tone;
};

export type PublishedForm = { form: string; version: number; sha256: string };

/**
 * Publishes a form with the words of its list that are in force: boxes, notices and their hashes are frozen as a version (CC-04), and the ledger
 * says so. A form that shows just these words already stays as it is.
 * @throws WORDS_NOT_PUBLISHED · LIST_ARCHIVED · FORM_WITHDRAWN · NotFound (list, form)
 */
export async function publishForm(s: Services, o: PublishForm): Promise<PublishedForm> {
  requireRight(o.who, "lists.write");
  return inTransaction(s, async (tx) => {
    const { organization } = o.who;
    const words = await inForce(tx.db, { organization, list: o.list, lock: true, ...language(o) });
    if (words.list.archivedAt) throw new DomainError("LIST_ARCHIVED");
    const form = o.form ? await keptForm(tx, o, o.form) : await newForm(tx, o, words);
    const html = snapshotOf(words);
    const hash = sha256(html);
    const newest = await newestVersion(tx, form);
    if (newest?.sha256.equals(hash)) return { form, version: newest.version, sha256: hash.toString("hex") };
    const version = (newest?.version ?? 0) + 1;
    const at = await appNow(tx.db);
    await tx.db.insert(formVersions).values({
      ...{ form, version, organization, html, sha256: hash },
      ...{ locale: words.locale, tone: words.tone },
      notices: words.notices.map((notice) => notice.id),
      noticeHashes: words.notices.map((notice) => notice.sha256),
      ...{ publishedAt: at, publishedBy: o.who.user },
    });
    await record(tx, o, { form, version, hash, at, words });
    return { form, version, sha256: hash.toString("hex") };
  });
}

const language = (o: PublishForm) => ({
  ...(o.locale ? { locale: o.locale } : {}),
  ...(o.tone ? { tone: o.tone } : {}),
});

async function keptForm(s: Services, o: PublishForm, id: string): Promise<string> {
  const row = await formOf(s.db, { organization: o.who.organization, form: id, lock: true });
  if (row.list !== o.list) throw new DomainError("FORM_OF_ANOTHER_LIST");
  if (row.withdrawnAt) throw new DomainError("FORM_WITHDRAWN");
  if (o.name !== undefined)
    await s.db
      .update(forms)
      .set({ name: FormName.parse(o.name) })
      .where(eq(forms.id, id));
  return id;
}

async function newForm(s: Services, o: PublishForm, words: WordsInForce): Promise<string> {
  const id = s.randomId();
  await s.db.insert(forms).values({
    id,
    organization: o.who.organization,
    list: o.list,
    name: FormName.parse(o.name ?? words.list.name),
    createdAt: await appNow(s.db),
  });
  return id;
}

async function newestVersion(s: Services, form: string) {
  const [row] = await s.db
    .select({ version: formVersions.version, sha256: formVersions.sha256 })
    .from(formVersions)
    .where(eq(formVersions.form, form))
    .orderBy(desc(formVersions.version))
    .limit(1);
  return row;
}

/** The words and boxes as the page carries them. */
function snapshotOf(words: WordsInForce): string {
  const texts = formTexts(words.locale);
  const { organization, box, shortNotice } = words;
  return formHtml({
    locale: words.locale,
    shortNotice: { text: shortNotice.body, version: shortNotice.version },
    boxes: [{ purpose: words.list.purpose, text: box.body, version: box.version }],
    fullNotice: { url: organization.privacyUrl ?? `/p/${organization.slug}/privacy`, label: texts.fullNotice },
    textNumber: texts.textNumber,
  });
}

async function record(
  s: Services,
  o: PublishForm,
  k: { form: string; version: number; hash: Buffer; at: Date; words: WordsInForce },
) {
  await appendOther(s, {
    v: 1,
    id: s.randomId(),
    organization: o.who.organization,
    kind: "form.published",
    at: k.at.toISOString(),
    list: o.list,
    actor: { type: "staff", id: o.who.user },
    form: { id: k.form, version: k.version, sha256: k.hash.toString("hex") },
    notice: k.words.notices.map((n) => ({
      ...{ kind: n.kind, sha256: n.sha256.toString("hex"), locale: n.locale, tone: n.tone },
    })),
  });
}
