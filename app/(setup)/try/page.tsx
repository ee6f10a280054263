import type { Metadata } from "next";
import type { ReactNode } from "react";
import { type TryOut, tryOut } from "../../../lib/reports/try-out.ts";
import { found, type SignedIn, signedIn } from "../../_server/session.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { LinkButton } from "../../_ui/button.tsx";
import { Sheet } from "../../_ui/layout.tsx";
import { Link } from "../../_ui/link.tsx";
import { LiveRegion } from "../../_ui/live-region.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { Register, RegisterRow } from "../../_ui/register.tsx";
import { BarePage } from "../../_ui/shell.tsx";
import { type Step, Steps } from "../../_ui/steps.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { TimeText } from "../../_ui/time-text.tsx";
import { begin } from "./actions.ts";
import { TryForm } from "./try-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("tryOut.title") };
}

/** End of the first run: the person signs up, confirms, sees her consent in the register and gets a campaign. Facts tick the steps. */
export default async function TryPage() {
  const me = await signedIn("campaigns.see");
  const { t } = me;
  const seen = await found(tryOut(me.s, { who: me.who }));
  const done = [seen.asked, seen.confirmed !== undefined, seen.confirmed?.seq != null, seen.arrived !== undefined];
  const state = (i: number): Step["state"] => (done[i] ? "done" : done.slice(0, i).every(Boolean) ? "current" : "todo");
  const parts: { name: string; body: ReactNode }[] = [
    { name: "ask", body: <Ask seen={seen} me={me} /> },
    { name: "confirm", body: <Confirm seen={seen} me={me} /> },
    { name: "record", body: <Recorded seen={seen} me={me} /> },
    { name: "campaign", body: <Campaign seen={seen} me={me} /> },
  ];
  const steps = parts.map(({ name, body }, i): Step => {
    const shown = state(i) === "current" || (state(i) === "done" && (i === 2 || i === 3));
    return { state: state(i), title: t(`tryOut.${name}.title`), ...(shown ? { detail: body } : {}) };
  });
  const words = { done: t("ui.state.done"), current: t("ui.state.current"), todo: t("ui.state.todo") };
  return (
    <BarePage wide>
      <PageHead
        title={t("tryOut.title")}
        state={t("tryOut.about")}
        actions={<LinkButton href="/">{t("tryOut.leave")}</LinkButton>}
      />
      <LiveRegion on={!done.every(Boolean)} every={2} says={t("tryOut.done", { n: done.filter(Boolean).length })}>
        <Sheet>
          <Steps of={steps} words={words} />
        </Sheet>
      </LiveRegion>
    </BarePage>
  );
}

type Part = { seen: TryOut; me: SignedIn };

function Ask({ seen, me: { t, user } }: Part) {
  if (!seen.form) return <Link href="/setup/list">{t("tryOut.ask.none")}</Link>;
  return (
    <TryForm form={seen.form.id} email={user.email} label={t("tryOut.ask.open")}>
      {t("tryOut.ask.about", { list: seen.form.list, email: user.email })}
    </TryForm>
  );
}

function Confirm({ seen, me: { t, organization } }: Part) {
  if (organization.live) return <span>{t("tryOut.confirm.live")}</span>;
  if (!seen.mail) return <span>{t("tryOut.confirm.waiting")}</span>;
  return (
    <div className="space-y-2">
      <p>{t("tryOut.confirm.about")}</p>
      <iframe
        src={`/sandbox/${seen.mail}/frame`}
        title={t("tryOut.confirm.frame")}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        className="h-[30rem] w-full rounded-sheet border border-rule bg-white"
      />
    </div>
  );
}

function Recorded({ seen: { confirmed }, me: { t, format } }: Part) {
  if (!confirmed) return null;
  const { seq } = confirmed;
  return (
    <div className="space-y-2">
      <p>{t("tryOut.record.about")}</p>
      <Register label={t("tryOut.record.title")}>
        <RegisterRow
          {...(seq === null ? {} : { serial: format.entry(seq) })}
          waiting={t("tryOut.record.waiting")}
          time={<TimeText at={confirmed.at} />}
          what={
            seq === null ? (
              t("recordKinds.consent_confirmed")
            ) : (
              <Link href={`/register/${seq + 1}`}>{t("recordKinds.consent_confirmed")}</Link>
            )
          }
          detail={confirmed.words.map(({ text, version, locale }) => (
            <span key={version + locale} lang={locale} className="block">
              {t("tryOut.record.words", { words: text, version })}
            </span>
          ))}
        />
      </Register>
      {confirmed.contact && <Link href={`/contacts/${confirmed.contact}`}>{t("tryOut.record.story")}</Link>}
    </div>
  );
}

function Campaign({ seen: { campaign, arrived }, me: { t } }: Part) {
  if (arrived) return <Link href={`/sandbox/${arrived}`}>{t("tryOut.campaign.read")}</Link>;
  if (campaign)
    return (
      <LinkButton href={`/campaigns/${campaign.id}`}>{t("tryOut.campaign.goOn", { name: campaign.name })}</LinkButton>
    );
  return (
    <ActionForm action={begin} id="try-campaign" className="space-y-2" label={t("tryOut.campaign.title")}>
      <p>{t("tryOut.campaign.about")}</p>
      <span className="flex flex-wrap gap-2">
        {(["letter", "news", "notice"] as const).map((from, i) => (
          <SubmitButton key={from} name="from" value={from} look={i === 0 ? "primary" : "plain"}>
            {t(`tryOut.campaign.${from}`)}
          </SubmitButton>
        ))}
      </span>
    </ActionForm>
  );
}
