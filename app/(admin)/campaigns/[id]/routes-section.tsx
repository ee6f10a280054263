import { serverChoices } from "../../../../lib/campaigns/choose-servers.ts";
import type { CampaignPage } from "../../../../lib/campaigns/page.ts";
import { SPLITS } from "../../../../lib/campaigns/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Fold } from "../../../_ui/fold.tsx";
import { Note, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { RoutesFields } from "./routes-fields.tsx";
import { saveRoutes } from "./send-actions.ts";

/** Which servers carry it and how they share it, where there is a choice. */
export async function RoutesSection({ signed, page }: { signed: SignedIn; page: CampaignPage }) {
  const { s, who, t } = signed;
  const { campaign } = page;
  if (campaign.simulated) return null;
  const { choices, sender } = await serverChoices(s, { who, campaign: campaign.id });
  if (choices.length < 2) return null;
  const form = (
    <ActionForm action={saveRoutes} id="routes-form" className="space-y-5" label={t("campaigns.routes.title")}>
      <input type="hidden" name="campaign" value={campaign.id} />
      <RoutesFields
        key={JSON.stringify([campaign.split, choices])}
        split={campaign.split}
        servers={choices.map((one) => ({
          ...{ id: one.id, name: one.name, weight: one.weight },
          about: [
            one.share === null ? one.address : t("campaigns.routes.lent", { address: one.address, n: one.share }),
            ...(one.state === "well" ? [] : [t(`campaigns.routes.states.${one.state}`)]),
          ].join(" · "),
          part: t("campaigns.routes.part", { name: one.name }),
        }))}
        splits={SPLITS.map((value) => ({
          ...{ value, label: t(`campaigns.routes.splits.${value}`) },
          help: t(`campaigns.routes.splits.${value}Help`),
        }))}
        words={{ servers: t("campaigns.routes.servers"), split: t("campaigns.routes.split") }}
      />
      {sender && <Note>{t("campaigns.routes.sender", { address: sender })}</Note>}
      <SubmitButton look="plain">
        {t(campaign.state === "draft" ? "campaigns.sending.save" : "campaigns.sending.change")}
      </SubmitButton>
    </ActionForm>
  );
  return (
    <Section id="routes" title={t("campaigns.routes.title")}>
      <Sheet>
        <SheetPart>
          {campaign.state === "draft" ? form : <Fold title={t("campaigns.routes.open")}>{form}</Fold>}
        </SheetPart>
      </Sheet>
    </Section>
  );
}
