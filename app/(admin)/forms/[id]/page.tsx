import type { Metadata } from "next";
import { pasteHtml } from "../../../../lib/forms/form-html.ts";
import { versionsOfForm } from "../../../../lib/forms/form-versions.ts";
import { listForms } from "../../../../lib/forms/list-forms.ts";
import type { FormRow, FormVersion } from "../../../../lib/forms/types.ts";
import { formTexts } from "../../../../lib/forms/words.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { CodeBlock } from "../../../_ui/copy-field.tsx";
import { FormCode } from "../../../_ui/form-code.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { TextField } from "../../../_ui/text-field.tsx";
import { renew, withdraw } from "../actions.ts";

type Props = { params: Promise<{ id: string }> };

/** A form with every version that people saw, as it was frozen. */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { form } = await formAndVersions(await signedIn("lists.see"), (await params).id);
  return { title: form.name };
}

async function formAndVersions({ s, who }: SignedIn, id: string) {
  const versions = await found(versionsOfForm(s, { who, form: id }));
  const form = (await listForms(s, { who })).find((one) => one.id === id);
  if (!form) throw new Error("a form that has versions is in the list");
  return { form, versions };
}

export default async function FormPage({ params }: Props) {
  const signed = await signedIn("lists.see");
  const { s, who, t, format } = signed;
  const { form, versions } = await formAndVersions(signed, (await params).id);
  const texts = formTexts(form.locale);
  const publicUrl = s.config.PUBLIC_URL;
  const language = t(`notices.languages.${form.locale}_${form.tone}`);
  const state = form.withdrawnAt
    ? t("forms.withdrawnOn", { at: format.date(form.withdrawnAt) })
    : t("forms.state", { n: form.version, at: format.date(form.publishedAt), language });
  const writes = hasRight(who, "lists.write") && !form.withdrawnAt;
  return (
    <>
      <PageHead
        title={form.name}
        state={state}
        above={
          <Breadcrumb
            of={[
              { href: "/forms", label: t("forms.title") },
              { href: `/lists/${form.list.id}/forms`, label: form.list.name },
            ]}
          />
        }
      />
      <Columns aside={writes && <Change form={form} t={t} />}>
        {!form.withdrawnAt && (
          <Section title={t("forms.use")}>
            <Sheet>
              <SheetPart>
                <FormCode
                  url={`${publicUrl}/f/${form.id}`}
                  html={pasteHtml({ publicUrl, form: form.id, locale: form.locale, ...texts })}
                />
              </SheetPart>
            </Sheet>
          </Section>
        )}
        <Section title={t("forms.versions")}>
          <Note>{t("forms.versionsAbout")}</Note>
          <div className="mt-3 space-y-4">
            {versions.map((version) => (
              <Frozen key={version.version} version={version} signed={signed} />
            ))}
          </div>
        </Section>
      </Columns>
    </>
  );
}

/** One version, byte for byte. */
function Frozen({ version, signed: { t, format } }: { version: FormVersion; signed: SignedIn }) {
  return (
    <Sheet>
      <SheetPart>
        <h3 className="font-semibold">
          {t("forms.versionOn", { n: version.version, at: format.instant(version.publishedAt) })}
        </h3>
        <CodeBlock label={t("forms.frozen")}>{version.html}</CodeBlock>
        <p className="text-note text-ink-2 [overflow-wrap:anywhere]">
          SHA-256 <code className="font-mono">{version.sha256}</code>
        </p>
      </SheetPart>
    </Sheet>
  );
}

function Change({ form, t }: { form: FormRow; t: SignedIn["t"] }) {
  const kept = { form: form.id, list: form.list.id, locale: form.locale, tone: form.tone };
  return (
    <Section title={t("forms.change")}>
      <Sheet>
        <SheetPart>
          <ActionForm action={renew} id="form">
            {Object.entries(kept).map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            <TextField
              name="name"
              label={t("forms.name")}
              help={t("forms.nameHelp")}
              defaultValue={form.name}
              required
            />
            {form.outdated && <Note>{t("forms.outdatedHelp")}</Note>}
            <SubmitButton look={form.outdated ? "primary" : "plain"}>
              {form.outdated ? t("forms.publishVersion", { n: form.version + 1 }) : t("forms.rename")}
            </SubmitButton>
          </ActionForm>
        </SheetPart>
        <SheetPart>
          <p className="text-table text-ink-2">{t("forms.withdrawAbout")}</p>
          <ConfirmDialog
            open={t("forms.withdraw")}
            title={t("forms.withdrawAsk", { name: form.name })}
            action={withdraw}
            values={{ form: form.id }}
            confirm={t("forms.withdrawConfirm")}
          >
            <p>{t("forms.withdrawMeans")}</p>
          </ConfirmDialog>
        </SheetPart>
      </Sheet>
    </Section>
  );
}
