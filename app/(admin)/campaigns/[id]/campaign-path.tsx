import type { Translate } from "../../../_server/translate.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";

type Props = { t: Translate; campaign: { id: string; name: string }; more?: { href: string; label: string }[] };

/** The way to a page below a campaign. */
export function CampaignPath({ t, campaign, more = [] }: Props) {
  const above = { href: "/campaigns", label: t("campaigns.title") };
  return <Breadcrumb of={[above, { href: `/campaigns/${campaign.id}`, label: campaign.name }, ...more]} />;
}
