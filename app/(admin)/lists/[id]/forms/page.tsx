import type { Metadata } from "next";
import { pasteHtml } from "../../../../../lib/forms/form-html.ts";
import { listForms } from "../../../../../lib/forms/list-forms.ts";
import type { FormRow } from "../../../../../lib/forms/types.ts";
import { formTexts } from "../../../../../lib/forms/words.ts";
import { findList } from "../../../../../lib/lists/find.ts";
import { textVersions } from "../../../../../lib/notices/versions.ts";
import { hasRight } from "../../../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { LinkButton } from "../../../../_ui/button.tsx";
import { Empty } from "../../../../_ui/empty.tsx";
import { FormCode } from "../../../../_ui/form-code.tsx";
import { Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { Link } from "../../../../_ui/link.tsx";
import { Notice } from "../../../../_ui/notice.tsx";
import { Select } from "../../../../_ui/select.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { TextField } from "../../../../_ui/text-field.tsx";
import { publish } from "../../actions.ts";
import { ListHead } from "../list-head.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { s, who, t } = await signedIn();
  const { name } = await found(findList(s, { who, list: (await params).id }));
  return { title: `${t("lists.views.forms")} · ${name}` };
}

/** The forms of a list: each with its address and the HTML to paste, and one more to publish. */
export default async function ListFormsPage({ params }: Props) {
  const signed = await signedIn("lists.see");
  const { s, who, t } = signed;
  const { id } = await params;
  const list = await found(findList(s, { who, list: id }));
  const forms = (await listForms(s, { who, list: id })).filter((form) => !form.withdrawnAt);
  const words = await languagesOf(signed, id);
  const writes = hasRight(who, "lists.write") && !list.archivedAt;
  return (
    <>
      <ListHead signed={signed} list={list} current="forms" />
      {words.length === 0 ? (
        <Sheet>
          <Empty
            action={
              <LinkButton look="primary" href={`/lists/${id}/words`}>
                {t("lists.toWords")}
              </LinkButton>
            }
          >
            {t("forms.wordsFirst")}
          </Empty>
        </Sheet>
      ) : (
        <>
          {forms.map((form) => (
            <FormSection key={form.id} form={form} signed={signed} writes={writes} />
          ))}
          {writes && <NewForm signed={signed} list={id} languages={words} first={forms.length === 0} />}
        </>
      )}
    </>
  );
}

/** Languages and tones in which the list's words are published. */
async function languagesOf({ s, who }: SignedIn, list: string): Promise<string[]> {
  const versions = await textVersions(s, { who, list });
  const published = versions.filter((one) => one.kind === "consent_box" && one.publishedAt);
  return [...new Set(published.map((one) => `${one.locale}_${one.tone}`))];
}

function FormSection({ form, signed, writes }: { form: FormRow; signed: SignedIn; writes: boolean }) {
  const { s, t, format } = signed;
  const { label, button, trap } = formTexts(form.locale);
  const publicUrl = s.config.PUBLIC_URL;
  const html = pasteHtml({ publicUrl, form: form.id, locale: form.locale, label, button, trap });
  return (
    <Section title={form.name} actions={<Link href={`/forms/${form.id}`}>{t("forms.versionsOf")}</Link>}>
      <Sheet>
        <SheetPart>
          <p className="text-ink-2">
            {t("forms.state", {
              n: form.version,
              at: format.date(form.publishedAt),
              language: t(`notices.languages.${form.locale}_${form.tone}`),
            })}
          </p>
          {form.outdated && <Outdated form={form} signed={signed} writes={writes} />}
          <FormCode url={`${publicUrl}/f/${form.id}`} html={html} />
        </SheetPart>
      </Sheet>
    </Section>
  );
}

function Outdated({ form, signed: { t }, writes }: { form: FormRow; signed: SignedIn; writes: boolean }) {
  return (
    <Notice tone="warn" title={t("forms.outdated")}>
      <p>{t("forms.outdatedHelp")}</p>
      {writes && (
        <ActionForm action={publish} className="mt-2" quiet>
          {Object.entries({ list: form.list.id, form: form.id, language: `${form.locale}_${form.tone}` }).map(
            ([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ),
          )}
          <SubmitButton>{t("forms.publishVersion", { n: form.version + 1 })}</SubmitButton>
        </ActionForm>
      )}
    </Notice>
  );
}

function NewForm(o: { signed: SignedIn; list: string; languages: string[]; first: boolean }) {
  const { t } = o.signed;
  const languages = o.languages.map((value) => ({ value, label: t(`notices.languages.${value}`) }));
  return (
    <Section title={t(o.first ? "forms.firstTitle" : "forms.newTitle")}>
      <Sheet>
        <SheetPart>
          <ActionForm action={publish} id="form" clears>
            <input type="hidden" name="list" value={o.list} />
            <TextField
              name="name"
              label={t("forms.name")}
              help={t("forms.nameHelp")}
              defaultValue={o.first ? t("forms.firstName") : ""}
              maxLength={400}
              autoComplete="off"
              required
            />
            {languages.length > 1 ? (
              <Select name="language" label={t("forms.language")} help={t("forms.languageHelp")} options={languages} />
            ) : (
              <input type="hidden" name="language" value={o.languages[0]} />
            )}
            <SubmitButton look={o.first ? "primary" : "plain"}>{t("forms.publish")}</SubmitButton>
          </ActionForm>
        </SheetPart>
      </Sheet>
    </Section>
  );
}
