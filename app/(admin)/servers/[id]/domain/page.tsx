import type { Metadata } from "next";
import { type DomainPage, domainPage } from "../../../../../lib/servers/domain-check/page.ts";
import { findServer } from "../../../../../lib/servers/find.ts";
import { hasRight } from "../../../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { KeySentence, RICH } from "../../../../_ui/key-sentence.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { ServerHead } from "../server-head.tsx";
import { check } from "./actions.ts";
import { Findings } from "./findings.tsx";
import { History } from "./history.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { s, who, t } = await signedIn("servers.see");
  const server = await found(findServer(s, { who, server: (await params).id }));
  return { title: `${t("serverScreens.views.domain")} · ${server.name}` };
}

/** What the DNS says of this sender over this server, what to put right, and how it was. */
export default async function DomainScreen({ params }: Props) {
  const signed = await signedIn("servers.see");
  const { s, who, t, format } = signed;
  const server = await found(findServer(s, { who, server: (await params).id }));
  const page = await found(domainPage(s, { who, server: server.id }));
  const todo = page.now?.findings.filter((one) => one.level !== "ok") ?? [];
  const good = page.now?.findings.filter((one) => one.level === "ok") ?? [];
  return (
    <>
      <ServerHead {...{ signed, server }} current="domain" />
      <Columns aside={<History {...{ signed, page }} />}>
        <Sheet>
          <SheetPart>
            <Sentence {...{ t, page }} />
            <Note>
              {page.now ? t("domainScreen.about", { at: format.short(page.now.at) }) : t("domainScreen.soon")}
            </Note>
            {hasRight(who, "servers.write") && (
              <ActionForm action={check} id="check" className="space-y-2">
                <input type="hidden" name="server" value={server.id} />
                <SubmitButton look={page.now ? "plain" : "primary"}>{t("domainScreen.run")}</SubmitButton>
              </ActionForm>
            )}
          </SheetPart>
        </Sheet>
        {page.now && (
          <Section title={t("domainScreen.todo")}>
            <Sheet>
              {todo.length > 0 ? <Findings t={t} of={todo} /> : <SheetPart>{t("domainScreen.nothing")}</SheetPart>}
            </Sheet>
          </Section>
        )}
        {good.length > 0 && (
          <Section title={t("domainScreen.good")}>
            <Sheet>
              <Findings t={t} of={good} />
            </Sheet>
          </Section>
        )}
      </Columns>
    </>
  );
}

function Sentence({ t, page: { domain, now } }: { t: SignedIn["t"]; page: DomainPage }) {
  const facts = { domain, spf: now?.spf ?? "", dkim: now?.dkim ?? "", dmarc: now?.dmarc ?? "", ...RICH };
  const passes = now?.spf === "pass" && now.dkim === "pass" && now.dmarc === "pass";
  const all = passes && now.findings.every((one) => one.level !== "bad");
  return <KeySentence>{t.rich(`domainScreen.sentence.${now ? (all ? "ok" : "state") : "never"}`, facts)}</KeySentence>;
}
