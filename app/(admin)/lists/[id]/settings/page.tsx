import type { Metadata } from "next";
import { findList } from "../../../../../lib/lists/find.ts";
import { textVersions } from "../../../../../lib/notices/versions.ts";
import { hasRight } from "../../../../../lib/users/roles.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Note, Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { archive, update } from "../../actions.ts";
import { ListFields } from "../../list-fields.tsx";
import { ListHead } from "../list-head.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { s, who, t } = await signedIn();
  const { name } = await found(findList(s, { who, list: (await params).id }));
  return { title: `${t("lists.views.settings")} · ${name}` };
}

/** What the list promises, and putting it away. */
export default async function ListSettingsPage({ params }: Props) {
  const signed = await signedIn("lists.see");
  const { s, who, t, format } = signed;
  const { id } = await params;
  const list = await found(findList(s, { who, list: id }));
  const writes = hasRight(who, "lists.write") && !list.archivedAt;
  const fixedPurpose = (await textVersions(s, { who, list: id })).length > 0;
  return (
    <>
      <ListHead signed={signed} list={list} current="settings" />
      <Section title={t("lists.settings.promise")}>
        <Sheet>
          {writes ? (
            <SheetPart>
              <ActionForm action={update} id="list">
                <input type="hidden" name="list" value={id} />
                <ListFields t={t} list={list} fixedPurpose={fixedPurpose} />
                <Note>{t("lists.settings.wordsStay")}</Note>
                <SubmitButton>{t("lists.settings.save")}</SubmitButton>
              </ActionForm>
            </SheetPart>
          ) : (
            <Facts>
              <Fact term={t("lists.fields.topics")}>{list.topics}</Fact>
              <Fact term={t("lists.fields.frequency")}>{list.frequency}</Fact>
              <Fact term={t("lists.fields.purpose")}>{t(`lists.purposes.${list.purpose}`)}</Fact>
              <Fact term={t("lists.confirmation.title")}>{t("lists.confirmation.always")}</Fact>
              <Fact term={t("lists.fields.locale")}>{t(`notices.languages.${list.locale}_${list.tone}`)}</Fact>
              <Fact term={t("lists.settings.createdAt")}>{format.date(list.createdAt)}</Fact>
            </Facts>
          )}
        </Sheet>
      </Section>
      {writes && (
        <Section title={t("lists.settings.archiveTitle")}>
          <Sheet>
            <SheetPart>
              <p className="max-w-text">{t("lists.settings.archiveAbout")}</p>
              <ConfirmDialog
                open={t("lists.settings.archive")}
                title={t("lists.settings.archiveAsk", { name: list.name })}
                action={archive}
                values={{ list: id }}
                confirm={t("lists.settings.archiveConfirm")}
              >
                <p>{t("lists.settings.archiveMeans")}</p>
              </ConfirmDialog>
            </SheetPart>
          </Sheet>
        </Section>
      )}
    </>
  );
}
