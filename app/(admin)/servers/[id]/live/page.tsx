import type { Metadata } from "next";
import { goLiveFindings } from "../../../../../lib/delivery/go-live.ts";
import { findServer } from "../../../../../lib/servers/find.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { Breadcrumb } from "../../../../_ui/breadcrumb.tsx";
import { type Check, Checks } from "../../../../_ui/checks.tsx";
import { KeySentence, RICH } from "../../../../_ui/key-sentence.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { Link } from "../../../../_ui/link.tsx";
import { PageHead } from "../../../../_ui/page-head.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { intoProduction } from "../../actions.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("serverScreens.live.go") };
}

/** What going into production means, and the press. There is no way back. */
export default async function GoLivePage({ params }: Props) {
  const { s, who, t, organization } = await signedIn("servers.write");
  const { id } = await params;
  const server = await found(findServer(s, { who, server: id }));
  const is = await found(goLiveFindings(s, { who, server: id }));
  const press = t(server.liveAt ? "serverScreens.live.makePrimary" : "serverScreens.live.press");
  const checks: Check[] = [
    {
      ...{
        tone: is.tested ? "ok" : "bad",
        title: t(is.tested ? "serverScreens.live.tested" : "serverScreens.live.notTested"),
      },
      ...(is.tested ? {} : { action: <Link href={`/servers/${id}/test`}>{t("serverScreens.test.run")}</Link> }),
    },
    is.missing.length === 0
      ? { tone: "ok", title: t("serverScreens.live.identity", { name: organization.name }) }
      : {
          ...{ tone: "bad", title: t("serverScreens.live.identityMissing") },
          detail: is.missing.map((field) => t(`serverScreens.identity.${field}`)).join(", "),
          action: <Link href="/organization">{t("campaigns.goThere")}</Link>,
        },
    ...(is.demo ? [{ tone: "bad" as const, title: t("errors.DEMO_NEVER_LIVE") }] : []),
  ];
  const words = {
    ok: t("ui.check.ok"),
    warn: t("ui.check.warn"),
    bad: t("ui.check.bad"),
    unknown: t("ui.check.unknown"),
  };
  return (
    <>
      <PageHead
        above={
          <Breadcrumb
            of={[
              { href: "/servers", label: t("serverScreens.title") },
              { href: `/servers/${id}`, label: server.name },
            ]}
          />
        }
        title={press}
      />
      <Columns
        aside={
          <Section title={t("serverScreens.live.conditions")}>
            <Sheet>
              <Checks of={checks} words={words} />
            </Sheet>
          </Section>
        }
      >
        <Sheet>
          <SheetPart>
            <KeySentence>
              {t.rich(
                `serverScreens.live.${server.liveAt ? "primarySentence" : organization.live ? "oneMore" : "sentence"}`,
                {
                  name: server.name,
                  address: server.fromAddress,
                  ...RICH,
                },
              )}
            </KeySentence>
            <ul className="max-w-text list-disc space-y-2 pl-5">
              {is.others.length === 0 ? (
                <>
                  <li>{t("serverScreens.live.campaigns", { n: is.sandboxCampaigns })}</li>
                  <li>{t("serverScreens.live.people", { n: is.simulatedPeople })}</li>
                  <li>{t("serverScreens.live.noWayBack")}</li>
                </>
              ) : (
                <li>{t("serverScreens.live.others", { n: is.others.length, names: namesOf(is.others) })}</li>
              )}
            </ul>
          </SheetPart>
          <SheetPart>
            <ActionForm action={intoProduction} id="live" className="space-y-3">
              <input type="hidden" name="server" value={id} />
              <SubmitButton>{press}</SubmitButton>
              <Note>{t("serverScreens.live.note")}</Note>
            </ActionForm>
          </SheetPart>
        </Sheet>
      </Columns>
    </>
  );
}

const namesOf = (servers: { name: string }[]) => servers.map(({ name }) => name).join(", ");
