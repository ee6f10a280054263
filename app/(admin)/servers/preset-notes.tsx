import type { Preset } from "../../../lib/servers/presets.ts";
import type { SignedIn } from "../../_server/session.ts";
import { Fact, Facts } from "../../_ui/facts.tsx";
import { Section, Sheet, SheetPart } from "../../_ui/layout.tsx";
import { Link } from "../../_ui/link.tsx";

/** What is known of a provider: facts to compare with the own contract, and what people run into. */
export function PresetNotes({ signed: { t }, preset }: { signed: SignedIn; preset: Preset }) {
  const { notes, incoming, ports, refused } = preset;
  if (notes.length === 0) return null;
  return (
    <Section title={refused ? t("serverScreens.presetRefused") : t("serverScreens.presetNotes")}>
      <Sheet className={refused ? "max-w-3xl" : ""}>
        <SheetPart className="text-table">
          {notes.map((note) => (
            <p key={note}>{t(`servers.presets.notes.${note}`)}</p>
          ))}
          {refused && <Link href="/servers/new">{t("serverScreens.otherPreset")}</Link>}
        </SheetPart>
        {!refused && (
          <Facts>
            <Fact term={t("serverScreens.presetPorts")}>{ports.join(", ")}</Fact>
            {incoming && (
              <Fact term={t("serverScreens.presetIncoming")}>
                {t("serverScreens.incomingPorts", { imap: String(incoming.imap), pop3: incoming.pop3.join(", ") })}
              </Fact>
            )}
          </Facts>
        )}
      </Sheet>
    </Section>
  );
}
