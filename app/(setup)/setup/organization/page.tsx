import type { Metadata } from "next";
import { forbidden, redirect } from "next/navigation";
import { currentSession, visitor } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { IdentityFields, IdentityPreview } from "../../../_ui/identity-fields.tsx";
import { Columns, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Mirror } from "../../../_ui/mirror.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { BarePage } from "../../../_ui/shell.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { SetUpSteps } from "../../set-up-steps.tsx";
import { create } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await visitor()).t("setup.organization.title") };
}

/** First run, second page: who writes. Also how an operator adds another organization. */
export default async function OrganizationPage() {
  const session = await currentSession();
  if (!session) redirect("/sign-in");
  if (!session.who.operator) forbidden();
  const { s, t, locale } = await visitor();
  const first = session.organizations.length === 0;
  const proposed = {
    ...{
      legalName: "",
      address: "",
      taxId: "",
      privacyEmail: first ? session.user.email : "",
      dpo: null,
      processors: [],
    },
    ...{ consentMonths: 24, privacyUrl: null, website: null, locale, tone: "tu" as const, timeZone: "Europe/Rome" },
  };
  const typed = { privacyEmail: proposed.privacyEmail, consentMonths: "24", locale, tone: "tu" };
  return (
    <BarePage wide>
      {first && <SetUpSteps current={2} />}
      <PageHead
        title={t("setup.organization.title")}
        state={t(first ? "setup.organization.about" : "setup.organization.another")}
      />
      <Mirror initial={typed}>
        <Columns aside={<IdentityPreview />}>
          <Sheet>
            <SheetPart>
              <ActionForm action={create} id="who">
                <IdentityFields of={proposed} noticeUrl={`${s.config.PUBLIC_URL}/p/…/privacy`} />
                <SubmitButton>{t("setup.next")}</SubmitButton>
              </ActionForm>
            </SheetPart>
          </Sheet>
        </Columns>
      </Mirror>
    </BarePage>
  );
}
