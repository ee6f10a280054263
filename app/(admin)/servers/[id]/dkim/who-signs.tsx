import type { DkimPage } from "../../../../../lib/servers/dkim-find.ts";
import type { SignedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { Checkbox, Radio } from "../../../../_ui/choices.tsx";
import { Note, Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { TextField } from "../../../../_ui/text-field.tsx";
import { make, sayWhoSigns } from "./actions.ts";

type Props = { signed: SignedIn; page: DkimPage; server: string; writes: boolean; lent: boolean };

/** Beside the keys: making them, changing them, and saying that another signs. */
export function WhoSigns({ signed: { t }, page, server, writes, lent }: Props) {
  const { mode, domain, provider, keys } = page;
  const waits = keys.some((key) => key.state === "waits");
  const signs = keys.some((key) => key.state === "signs");
  if (!writes) return <ReadOnly {...{ t, page }} />;
  return (
    <>
      {!waits && (
        <Section title={t(signs ? "dkimScreen.rotate" : "dkimScreen.make")}>
          <Sheet>
            <SheetPart>
              <ActionForm action={make} id="make" className="space-y-3">
                <input type="hidden" name="server" value={server} />
                {signs && <Note>{t("dkimScreen.rotateHelp")}</Note>}
                <Checkbox name="ed25519" help={t("dkimScreen.ed25519Help")} defaultChecked>
                  {t("dkimScreen.ed25519")}
                </Checkbox>
                <SubmitButton look={signs || mode === "provider" ? "plain" : "primary"}>
                  {t(signs ? "dkimScreen.rotate" : "dkimScreen.make")}
                </SubmitButton>
              </ActionForm>
            </SheetPart>
          </Sheet>
        </Section>
      )}
      {/* Whoever borrows a server signs with her own keys, or nobody does. */}
      {!lent && (
        <Section title={t("dkimScreen.who")}>
          <Sheet>
            <SheetPart>
              <ActionForm action={sayWhoSigns} id="mode" className="space-y-4">
                <input type="hidden" name="server" value={server} />
                <Radio
                  name="dkim"
                  label={t("dkimScreen.who")}
                  defaultValue={mode}
                  choices={[
                    ...(keys.length > 0 ? [{ value: "ours", label: t("dkimScreen.ours") }] : []),
                    { value: "provider", label: t("dkimScreen.provider") },
                    { value: "none", label: t("dkimScreen.none") },
                  ]}
                />
                <Note>{t("dkimScreen.ifProvider")}</Note>
                <TextField
                  name="domain"
                  label={t("dkimScreen.providerDomain")}
                  help={t("dkimScreen.providerDomainHelp", { domain })}
                  defaultValue={provider?.domain ?? ""}
                  spellCheck={false}
                  autoCapitalize="none"
                  optional
                />
                <TextField
                  name="selector"
                  label={t("dkimScreen.selector")}
                  help={t("dkimScreen.selectorHelp")}
                  defaultValue={provider?.selector ?? ""}
                  spellCheck={false}
                  autoCapitalize="none"
                  optional
                />
                <SubmitButton look="plain">{t("dkimScreen.change")}</SubmitButton>
              </ActionForm>
            </SheetPart>
          </Sheet>
        </Section>
      )}
    </>
  );
}

function ReadOnly({ t, page: { mode, provider } }: { t: SignedIn["t"]; page: DkimPage }) {
  return (
    <Section title={t("dkimScreen.who")}>
      <Sheet>
        <SheetPart>
          <p>{t(`dkimScreen.${mode}`)}</p>
          {mode === "provider" && provider && (
            <p className="font-mono text-note [overflow-wrap:anywhere]">
              d={provider.domain} s={provider.selector}
            </p>
          )}
        </SheetPart>
      </Sheet>
    </Section>
  );
}
