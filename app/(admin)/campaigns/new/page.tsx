import type { Metadata } from "next";
import { hasCampaigns } from "../../../../lib/campaigns/create.ts";
import { appNow } from "../../../../lib/clock.ts";
import { signedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { TextField } from "../../../_ui/text-field.tsx";
import { create } from "./actions.ts";

const STARTERS = ["letter", "news", "notice"] as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("campaigns.new.title") };
}

/** Where a campaign begins: from a starter that is shown as it will arrive, or from the last one. */
export default async function NewCampaignPage() {
  const { s, who, t, format } = await signedIn("campaigns.write");
  const starters = STARTERS.map((id) => ({ id, name: t(`campaigns.new.starter.${id}`) }));
  const name = t("campaigns.new.defaultName", { date: format.date(await appNow(s.db)) });
  return (
    <>
      <PageHead
        above={<Breadcrumb of={[{ href: "/campaigns", label: t("campaigns.title") }]} />}
        title={t("campaigns.new.title")}
        state={t("campaigns.new.about")}
      />
      <ActionForm action={create} id="new-campaign">
        <Sheet>
          <SheetPart>
            <TextField
              name="name"
              label={t("campaigns.new.name")}
              help={t("campaigns.new.nameHelp")}
              defaultValue={name}
              required
            />
          </SheetPart>
        </Sheet>
        <Section title={t("campaigns.new.starters")}>
          <ul className="grid gap-5 md:grid-cols-3">
            {starters.map((starter) => (
              <li key={starter.id} className="sheet flex flex-col">
                <Thumbnail id={starter.id} title={t("campaigns.new.thumbnail", { name: starter.name })} />
                <div className="flex flex-1 flex-col justify-between gap-3 p-4">
                  <div>
                    <h3 className="font-semibold">{starter.name}</h3>
                    <p className="text-table text-ink-2">{t(`campaigns.new.for.${starter.id}`)}</p>
                  </div>
                  <SubmitButton look="plain" name="from" value={starter.id}>
                    {t("campaigns.new.from", { name: starter.name })}
                  </SubmitButton>
                </div>
              </li>
            ))}
          </ul>
        </Section>
        {(await hasCampaigns(s, { who })) && (
          <Section title={t("campaigns.new.again")}>
            <p className="mb-3 max-w-text text-ink-2">{t("campaigns.new.againAbout")}</p>
            <SubmitButton look="plain" name="from" value="last">
              {t("campaigns.new.fromLast")}
            </SubmitButton>
          </Section>
        )}
      </ActionForm>
    </>
  );
}

/** The starter itself, small: a frame that can do nothing. */
function Thumbnail({ id, title }: { id: string; title: string }) {
  return (
    <div className="relative h-72 overflow-hidden border-b border-rule bg-sunken">
      <iframe
        sandbox=""
        src={`/campaigns/new/${id}`}
        title={title}
        tabIndex={-1}
        className="pointer-events-none absolute top-0 left-1/2 h-[720px] w-[640px] origin-top -translate-x-1/2 scale-[0.4] bg-white sm:scale-50 md:scale-[0.42]"
      />
    </div>
  );
}
