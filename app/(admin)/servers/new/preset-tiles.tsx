import { PRESET_GROUPS, PRESETS, type Preset } from "../../../../lib/servers/presets.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";

/** What kinds of sending server there are, and which of each we know. */
export function PresetTiles({ signed }: { signed: SignedIn }) {
  const { t } = signed;
  return (
    <Sheet>
      {PRESET_GROUPS.map((group) => (
        <SheetPart key={group} className="gap-x-6 lg:grid lg:grid-cols-[240px_minmax(0,1fr)] lg:space-y-0">
          <div>
            <h2 className="text-section font-semibold">{t(`servers.presets.groups.${group}.title`)}</h2>
            <p className="max-w-text text-note text-ink-2">{t(`servers.presets.groups.${group}.about`)}</p>
          </div>
          <ul className="grid gap-2 sm:grid-cols-2">
            {PRESETS.filter((preset) => preset.group === group).map((preset) => (
              <li key={preset.key}>
                <Link
                  look="plain"
                  href={`/servers/new?preset=${preset.key}`}
                  className="flex h-full min-h-(--target) flex-col justify-center rounded-sheet border border-rule px-3.5 py-2 hover:border-accent"
                >
                  <span className="font-semibold">{t(`servers.presets.names.${preset.key}`)}</span>
                  <span className="text-note text-ink-2">{inShort(signed, preset)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </SheetPart>
      ))}
    </Sheet>
  );
}

/** How much it carries, in a few words. */
function inShort({ t }: SignedIn, { refused, limits, group, auth }: Preset): string {
  if (refused) return t("serverScreens.inShort.refused");
  if (group === "custom") return t("serverScreens.inShort.custom");
  if (group === "provider") return t("serverScreens.inShort.ask");
  const how = auth[0] === "oauth2" ? "oauth2" : auth[0] === "none" ? "address" : "password";
  const ways = t(`serverScreens.inShort.${how}`);
  const n = limits.perDay ?? 0;
  return `${n > 0 ? t("serverScreens.inShort.perDay", { n }) : t("serverScreens.inShort.unlimited")} · ${ways}`;
}
