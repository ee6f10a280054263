import type { Metadata } from "next";
import { type DkimKeyView, type DkimPage, dkimPage } from "../../../../../lib/servers/dkim-find.ts";
import { findServer } from "../../../../../lib/servers/find.ts";
import { hasRight } from "../../../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { KeySentence, RICH } from "../../../../_ui/key-sentence.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { ServerHead } from "../server-head.tsx";
import { activate, look } from "./actions.ts";
import { KeySheet } from "./key-sheet.tsx";
import { WhoSigns } from "./who-signs.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { s, who, t } = await signedIn("servers.see");
  const server = await found(findServer(s, { who, server: (await params).id }));
  return { title: `${t("serverScreens.views.dkim")} · ${server.name}` };
}

/** Who signs what a server carries, and the keys with the records to copy. */
export default async function DkimScreen({ params }: Props) {
  const signed = await signedIn("servers.see");
  const { s, who, t } = signed;
  const server = await found(findServer(s, { who, server: (await params).id }));
  const page = await found(dkimPage(s, { who, server: server.id }));
  const writes = hasRight(who, "servers.write");
  const waiting = page.mode === "ours" && page.keys.some((key) => key.state === "waits");
  return (
    <>
      <ServerHead {...{ signed, server }} current="dkim" />
      <Columns aside={<WhoSigns {...{ signed, page, writes }} server={server.id} lent={server.lent} />}>
        <Sheet>
          <SheetPart>
            <KeySentence>{t.rich(`dkimScreen.sentence.${standing(page)}`, { ...names(page), ...RICH })}</KeySentence>
            <Note>{t(`dkimScreen.note.${waiting && standing(page) === "signs" ? "rotating" : standing(page)}`)}</Note>
            {writes && waiting && <Look {...{ t, page }} server={server.id} />}
          </SheetPart>
        </Sheet>
        {page.keys.length > 0 && (
          <Section title={t("dkimScreen.keys")}>
            <div className="space-y-5">
              {[...page.keys].sort(byState).map((key) => (
                <KeySheet key={key.id} of={key} {...{ signed, page, writes }} />
              ))}
            </div>
          </Section>
        )}
      </Columns>
    </>
  );
}

const ORDER = ["waits", "signs", "stands", "over"];

/** First what wants something of a person. */
const byState = (a: DkimKeyView, b: DkimKeyView) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state);

function standing({ mode, keys }: DkimPage): "signs" | "waits" | "none" | "provider" {
  if (mode !== "ours") return mode;
  if (keys.some((key) => key.state === "signs")) return "signs";
  return keys.some((key) => key.state === "waits") ? "waits" : "none";
}

const names = ({ domain, provider, mode }: DkimPage) =>
  mode === "provider" && provider ? provider : { domain, selector: "" };

/** The records are looked for by themselves every few minutes; who has just pasted one need not wait. */
function Look({ t, page, server }: { t: SignedIn["t"]; page: DkimPage; server: string }) {
  const blind = page.keys.some(
    ({ state, seen }) =>
      state === "waits" &&
      seen.some((one) => one.found === "same") &&
      seen.every((one) => one.found === "same" || one.found === "timeout"),
  );
  return (
    <div className="space-y-3">
      <ActionForm action={look} id="look" className="space-y-2">
        <input type="hidden" name="server" value={server} />
        <SubmitButton look="primary">{t("dkimScreen.look")}</SubmitButton>
      </ActionForm>
      {blind && (
        <ActionForm action={activate} id="activate" className="space-y-2">
          <input type="hidden" name="server" value={server} />
          <p className="max-w-text text-table">{t("dkimScreen.activateHelp")}</p>
          <SubmitButton look="plain">{t("dkimScreen.activate")}</SubmitButton>
        </ActionForm>
      )}
    </div>
  );
}
