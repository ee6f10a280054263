import type { CampaignPage } from "../../../../lib/campaigns/page.ts";
import { STEPS, type Step } from "../../../../lib/campaigns/types.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { LinkButton } from "../../../_ui/button.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { Tabs } from "../../../_ui/tabs.tsx";
import { DraftProvider } from "./draft-provider.tsx";
import { draftWords } from "./draft-words.ts";
import { DuplicateButton } from "./duplicate-button.tsx";
import { SaveLine } from "./save-line.tsx";
import { StepAudience } from "./step-audience.tsx";
import { StepChecks } from "./step-checks.tsx";
import { StepContent } from "./step-content.tsx";
import { StepSend } from "./step-send.tsx";

type Props = { signed: SignedIn; page: CampaignPage; step: Step; view?: string; contact?: string };

/** Writing a campaign in four steps, in any order; each has its address. */
export function Compose({ signed, page, step, view, contact }: Props) {
  const { t, who, locale } = signed;
  const { campaign, draft, zone } = page;
  const writes = hasRight(who, "campaigns.write");
  const next = writes && STEPS[STEPS.indexOf(step) + 1];
  return (
    <DraftProvider
      key={step}
      {...{ id: campaign.id, version: campaign.version, savedAt: campaign.savedAt.toISOString(), draft }}
      words={draftWords(t)}
      reader={{ language: locale, zone }}
    >
      <PageHead
        above={<Breadcrumb of={[{ href: "/campaigns", label: t("campaigns.title") }]} />}
        title={campaign.name}
        state={
          <>
            {t("campaigns.states.draft")} · <SaveLine />
          </>
        }
        actions={
          <>
            <LinkButton href={`/campaigns/${campaign.id}/versions`}>{t("campaigns.versions.open")}</LinkButton>
            {writes && <DuplicateButton id={campaign.id} t={t} />}
            {next && (
              <LinkButton look="primary" href={`/campaigns/${campaign.id}?step=${next}`}>
                {t("campaigns.steps.next", { step: t(`campaigns.steps.${next}`) })}
              </LinkButton>
            )}
          </>
        }
      />
      <Tabs
        label={t("campaigns.steps.label")}
        of={STEPS.map((one) => ({
          href: `/campaigns/${campaign.id}?step=${one}`,
          label: t(`campaigns.steps.${one}`),
          current: one === step,
        }))}
      />
      {step === "audience" && <StepAudience {...{ signed, page }} />}
      {step === "content" && (
        <StepContent {...{ signed, page }} {...(view ? { view } : {})} {...(contact ? { contact } : {})} />
      )}
      {step === "checks" && <StepChecks {...{ signed, page }} />}
      {step === "send" && <StepSend {...{ signed, page }} />}
    </DraftProvider>
  );
}
