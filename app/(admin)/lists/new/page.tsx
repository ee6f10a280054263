import type { Metadata } from "next";
import { signedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { create } from "../actions.ts";
import { ListFields } from "../list-fields.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("lists.newTitle") };
}

/** A new promise; its words come next. */
export default async function NewListPage() {
  const { t, organization } = await signedIn("lists.write");
  return (
    <>
      <PageHead
        title={t("lists.newTitle")}
        state={t("lists.newAbout")}
        above={<Breadcrumb of={[{ href: "/lists", label: t("lists.title") }]} />}
      />
      <Sheet>
        <SheetPart>
          <ActionForm action={create} id="list">
            <ListFields t={t} list={{ locale: organization.locale, tone: organization.tone }} />
            <SubmitButton>{t("lists.createAndWords")}</SubmitButton>
          </ActionForm>
        </SheetPart>
      </Sheet>
    </>
  );
}
