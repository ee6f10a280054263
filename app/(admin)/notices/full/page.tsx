import type { Metadata } from "next";
import { fullNoticePage } from "../../../../lib/notices/full-notice-page.ts";
import { signedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { Note, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { MissingFacts } from "../../../_ui/missing-facts.tsx";
import { Notice } from "../../../_ui/notice.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { publish } from "../actions.ts";
import { FullEditor } from "./full-editor.tsx";

type Props = { searchParams: Promise<{ locale?: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("notices.full") };
}

/** The next version of the full notice: proposed from what the organization says of itself, corrected by hand, published. */
export default async function FullNoticeEditPage({ searchParams }: Props) {
  const { s, who, t, organization } = await signedIn("notices.publish");
  const locale = (await searchParams).locale === "en" ? "en" : "it";
  const { inForce, proposed, missing, tone, ownUrl } = await fullNoticePage(s, {
    who,
    locale,
    tone: organization.tone,
  });
  return (
    <>
      <PageHead
        title={t("notices.full")}
        state={t("notices.fullAbout", {
          language: t(`notices.languages.${locale}_${tone}`),
          n: (inForce?.version ?? 0) + 1,
        })}
        above={<Breadcrumb of={[{ href: "/notices", label: t("notices.title") }]} />}
      />
      <div className="space-y-5">
        {ownUrl && (
          <Notice tone="warn">
            <p>{t("notices.ownUrl", { url: ownUrl })}</p>
          </Notice>
        )}
        <MissingFacts t={t} missing={missing} />
        <Sheet>
          <SheetPart>
            <ActionForm key={locale} action={publish} id="full">
              <input type="hidden" name="locale" value={locale} />
              <input type="hidden" name="tone" value={tone} />
              <FullEditor
                body={inForce?.body ?? proposed}
                proposed={proposed}
                lang={locale}
                texts={{
                  label: t("notices.body"),
                  help: t("notices.bodyHelp"),
                  preview: t("lists.words.preview"),
                  restore: t("notices.restore"),
                }}
              />
              <Note>{t("notices.wordingOnly")}</Note>
              <SubmitButton>{t("notices.publishVersion", { n: (inForce?.version ?? 0) + 1 })}</SubmitButton>
            </ActionForm>
          </SheetPart>
        </Sheet>
      </div>
    </>
  );
}
