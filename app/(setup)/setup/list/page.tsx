import type { Metadata } from "next";
import { LIST_CAPS } from "../../../../lib/lists/types.ts";
import { proposeWords } from "../../../../lib/notices/words/propose.ts";
import { findOrganization } from "../../../../lib/organizations/find.ts";
import { lowerFirst } from "../../../../lib/text/lower-first.ts";
import { signedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Columns, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Mirror, Mirrored, MirroredChoice } from "../../../_ui/mirror.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { Select } from "../../../_ui/select.tsx";
import { BarePage } from "../../../_ui/shell.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { TextField } from "../../../_ui/text-field.tsx";
import { SetUpSteps } from "../../set-up-steps.tsx";
import { publish } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("setup.list.title") };
}

const LOCALES = ["it", "en"] as const;

/** First run, third page: the first list, its words and its form, published at one press. */
export default async function FirstListPage() {
  const { s, who, t } = await signedIn("lists.write");
  const organization = await findOrganization(s, { who });
  const { locale, tone } = organization;
  const list = { name: "⟦name⟧", topics: "⟦topics⟧", frequency: "⟦frequency⟧", purpose: "promo" };
  const blanks = Object.fromEntries(
    ["name", "topics", "frequency"].map((name) => [name, lowerFirst(t(`setup.list.${name}`))]),
  );
  const words = Object.fromEntries(
    LOCALES.map((one) => [one, proposeWords({ organization, list, locale: one, tone })]),
  );
  const shown = (kind: "consentBox" | "shortNotice") => (
    <MirroredChoice
      by="locale"
      of={Object.fromEntries(
        LOCALES.map((one) => [one, <Mirrored key={one} text={words[one]?.[kind] ?? ""} blanks={blanks} />]),
      )}
    />
  );
  return (
    <BarePage wide>
      <SetUpSteps current={3} />
      <PageHead title={t("setup.list.title")} state={t("setup.list.about")} />
      <Mirror initial={{ locale }}>
        <Columns
          aside={
            <Section title={t("setup.list.words")}>
              <Sheet>
                <SheetPart>
                  <p className="text-note font-semibold text-ink-2">{t("setup.list.box")}</p>
                  <p className="text-table">☐ {shown("consentBox")}</p>
                </SheetPart>
                <SheetPart>
                  <p className="text-note font-semibold text-ink-2">{t("setup.list.notice")}</p>
                  <p className="text-note">{shown("shortNotice")}</p>
                </SheetPart>
              </Sheet>
              <p className="mt-2 text-note text-ink-2">{t("setup.list.wordsLater")}</p>
            </Section>
          }
        >
          <Sheet>
            <SheetPart>
              <ActionForm action={publish} id="first-list">
                <TextField
                  name="name"
                  label={t("setup.list.name")}
                  help={t("setup.list.nameHelp")}
                  maxLength={LIST_CAPS.name}
                  required
                />
                <TextField
                  name="topics"
                  label={t("setup.list.topics")}
                  help={t("setup.list.topicsHelp")}
                  maxLength={LIST_CAPS.topics}
                  required
                />
                <TextField
                  name="frequency"
                  label={t("setup.list.frequency")}
                  help={t("setup.list.frequencyHelp")}
                  maxLength={LIST_CAPS.frequency}
                  required
                />
                <Select
                  name="locale"
                  label={t("setup.list.locale")}
                  help={t("setup.list.localeHelp")}
                  defaultValue={locale}
                  options={LOCALES.map((value) => ({ value, label: t(`ui.languages.${value}`) }))}
                  className="sm:max-w-96"
                />
                <SubmitButton>{t("setup.list.publish")}</SubmitButton>
              </ActionForm>
            </SheetPart>
          </Sheet>
        </Columns>
      </Mirror>
    </BarePage>
  );
}
