import type { Metadata } from "next";
import { findList } from "../../../../../lib/lists/find.ts";
import { textVersions } from "../../../../../lib/notices/versions.ts";
import { type WordsOfList, wordsOfList } from "../../../../../lib/notices/words-of-list.ts";
import { hasRight } from "../../../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { Note, Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { Link } from "../../../../_ui/link.tsx";
import { MissingFacts } from "../../../../_ui/missing-facts.tsx";
import { Notice } from "../../../../_ui/notice.tsx";
import { Actions } from "../../../../_ui/page-head.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { TextBlocks } from "../../../../_ui/text-preview.tsx";
import { VersionTable } from "../../../../_ui/version-table.tsx";
import { saveWords } from "../../actions.ts";
import { Choices } from "../choices.tsx";
import { ListHead } from "../list-head.tsx";
import { WordsEditor } from "./words-editor.tsx";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ locale?: string; tone?: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { s, who, t } = await signedIn();
  const { name } = await found(findList(s, { who, list: (await params).id }));
  return { title: `${t("lists.views.words")} · ${name}` };
}

/** The words that people agree to: written here, published as versions, each for ever. */
export default async function WordsPage({ params, searchParams }: Props) {
  const signed = await signedIn("notices.see");
  const { s, who, t } = signed;
  const { id } = await params;
  const search = await searchParams;
  const list = await found(findList(s, { who, list: id }));
  const locale = (["it", "en"] as const).find((one) => one === search.locale) ?? list.locale;
  const tone = (["tu", "lei"] as const).find((one) => one === search.tone) ?? list.tone;
  const words = await wordsOfList(s, { who, list: id, locale, tone });
  const versions = (await textVersions(s, { who, list: id })).filter((v) => v.locale === locale && v.tone === tone);
  const writes = hasRight(who, "notices.write") && !list.archivedAt;
  return (
    <>
      <ListHead signed={signed} list={list} current="words" />
      <Choices
        label={t("lists.words.language")}
        of={(["it", "en"] as const).map((one) => ({
          href: `/lists/${id}/words?${new URLSearchParams({ locale: one, tone })}`,
          label: t(`lists.locales.${one}`),
          current: one === locale,
        }))}
      />
      <div className="space-y-5">
        <State words={words} signed={signed} list={id} />
        {writes ? <Editor words={words} signed={signed} list={id} /> : <InForce words={words} signed={signed} />}
        <Section title={t("lists.words.versions")}>
          <VersionTable versions={versions} empty={t("lists.words.noVersions")} caption={t("lists.words.versions")} />
        </Section>
      </div>
    </>
  );
}

/** Where the words stand, and what is in the way. */
function State({ words, signed: { t, format }, list }: { words: WordsOfList; signed: SignedIn; list: string }) {
  const { state, inForce, missing, changed } = words;
  const at = inForce?.box.publishedAt;
  const facts = { n: inForce?.box.version ?? 0, at: at ? format.date(at) : "" };
  const recipients = changed?.recipients ?? [];
  return (
    <>
      <Notice tone={state === "published" ? "ok" : "info"}>
        <p>{t(`lists.words.state.${state === "draft" && inForce ? "draftOver" : state}`, facts)}</p>
        {inForce && (
          <p>
            <Link href={`/lists/${list}/forms`}>{t("lists.words.toForms")}</Link>
          </p>
        )}
      </Notice>
      <MissingFacts t={t} missing={missing} />
      {(changed?.controller || recipients.length > 0) && (
        <Notice tone="warn" title={t("notices.newConsent")}>
          {changed?.controller && <p>{t("notices.newController", { name: changed.controller })}</p>}
          {recipients.length > 0 && <p>{t("notices.newRecipients", { names: recipients.join(", ") })}</p>}
        </Notice>
      )}
    </>
  );
}

function Editor({ words, signed: { t, who }, list }: { words: WordsOfList; signed: SignedIn; list: string }) {
  const { locale, tone, inForce, proposed } = words;
  const publishes = hasRight(who, "notices.publish");
  return (
    <Sheet>
      <SheetPart>
        <ActionForm key={locale + tone} action={saveWords} id="words">
          {Object.entries({ list, locale, tone }).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <WordsEditor
            words={words.words}
            proposed={proposed}
            lang={locale}
            texts={{
              box: t("lists.words.box"),
              boxHelp: t("lists.words.boxHelp"),
              notice: t("lists.words.notice"),
              noticeHelp: t("lists.words.noticeHelp"),
              preview: t("lists.words.preview"),
              previewHelp: t("lists.words.previewHelp"),
              restore: t("lists.words.restore"),
              fullNotice: t("lists.words.fullNotice"),
            }}
          />
          {inForce && <Note>{t("notices.wordingOnly")}</Note>}
          {!publishes && <Note>{t("lists.words.othersPublish")}</Note>}
          <Actions>
            {publishes && (
              <SubmitButton name="do" value="publish">
                {t("lists.words.publish")}
              </SubmitButton>
            )}
            <SubmitButton look={publishes ? "plain" : "primary"} name="do" value="draft">
              {t("lists.words.draft")}
            </SubmitButton>
          </Actions>
        </ActionForm>
      </SheetPart>
    </Sheet>
  );
}

/** For those who only read: what people see now; before that, what is proposed. */
function InForce({ words: { inForce, words, locale }, signed: { t } }: { words: WordsOfList; signed: SignedIn }) {
  return (
    <Sheet>
      <SheetPart>
        <h2 className="font-semibold">{t("lists.words.box")}</h2>
        <div lang={locale}>
          <TextBlocks body={inForce?.box.body ?? words.consentBox} />
        </div>
        <h2 className="font-semibold">{t("lists.words.notice")}</h2>
        <div lang={locale}>
          <TextBlocks body={inForce?.shortNotice.body ?? words.shortNotice} />
        </div>
      </SheetPart>
    </Sheet>
  );
}
