import type { Metadata } from "next";
import { ourAddress } from "../../../../lib/servers/our-address.ts";
import { type Preset, presetOf } from "../../../../lib/servers/presets.ts";
import { type SignedIn, signedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { Columns } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { zones } from "../../../_ui/zones.ts";
import { addServer } from "../actions.ts";
import { PresetNotes } from "../preset-notes.tsx";
import { newServer, proposals } from "../server-defaults.ts";
import { ServerForm } from "../server-form.tsx";
import { serverWords } from "../server-words.ts";
import { PresetTiles } from "./preset-tiles.tsx";

type Props = { searchParams: Promise<{ preset?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("serverScreens.add") };
}

/** A new sending server: first of which kind, then its description. Nothing leaves through it before its test and a press on another page. */
export default async function NewServerPage({ searchParams }: Props) {
  const signed = await signedIn("servers.write");
  const { t } = signed;
  const asked = (await searchParams).preset;
  const preset = presetOf(typeof asked === "string" ? asked : undefined);
  const above = [{ href: "/servers", label: t("serverScreens.title") }];
  if (preset) above.push({ href: "/servers/new", label: t("serverScreens.add") });
  return (
    <>
      <PageHead
        above={<Breadcrumb of={above} />}
        title={preset ? t(`servers.presets.names.${preset.key}`) : t("serverScreens.add")}
        state={t(preset ? "serverScreens.newAbout" : "serverScreens.choosePreset")}
      />
      {preset ? <Described {...{ signed, preset }} /> : <PresetTiles {...{ signed }} />}
    </>
  );
}

async function Described({ signed, preset }: { signed: SignedIn; preset: Preset }) {
  const { s, t, user, organization } = signed;
  if (preset.refused) return <PresetNotes {...{ signed, preset }} />;
  const defaults = newServer(preset, { name: organization.name, email: user.email, zone: organization.timeZone });
  const ours = preset.auth.includes("none") ? await ourAddress(s) : undefined;
  return (
    <Columns asideFirst aside={<PresetNotes {...{ signed, preset }} />}>
      <ServerForm
        action={addServer}
        words={serverWords(t)}
        proposals={proposals()}
        example={preset.example}
        ramp={preset.ramp ?? false}
        zones={zones(organization.timeZone)}
        signIn={{
          ...{ ways: [...preset.auth], hasPassword: false, hasOauth: false },
          ours: ours ? { ip: ours.ip, from: t(`serverScreens.ours.${ours.from}`) } : null,
        }}
        defaults={defaults}
      />
    </Columns>
  );
}
