import type { Metadata } from "next";
import { campaignPage } from "../../../../lib/campaigns/page.ts";
import { STEPS } from "../../../../lib/campaigns/types.ts";
import { found, signedIn } from "../../../_server/session.ts";
import { Compose } from "./compose.tsx";
import { Live } from "./live.tsx";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ step?: string; view?: string; as?: string }>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { s, who } = await signedIn("campaigns.see");
  const { campaign } = await found(campaignPage(s, { who, campaign: (await params).id }));
  return { title: campaign.name };
}

/** A draft is written here; what was started is watched here. */
export default async function CampaignPage({ params, searchParams }: Props) {
  const signed = await signedIn("campaigns.see");
  const [{ id }, search] = [await params, await searchParams];
  const page = await found(campaignPage(signed.s, { who: signed.who, campaign: id }));
  if (page.campaign.state !== "draft") return <Live signed={signed} page={page} />;
  const step = STEPS.find((one) => one === search.step) ?? "content";
  return (
    <Compose
      {...{ signed, page, step }}
      {...(search.view ? { view: search.view } : {})}
      {...(search.as ? { contact: search.as } : {})}
    />
  );
}
