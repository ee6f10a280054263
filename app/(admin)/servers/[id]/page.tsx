import type { Metadata } from "next";
import { findServer } from "../../../../lib/servers/find.ts";
import { presetOf } from "../../../../lib/servers/presets.ts";
import type { ServerView } from "../../../../lib/servers/types.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../../_server/session.ts";
import { Columns, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { Meter } from "../../../_ui/meter.tsx";
import { PresetNotes } from "../preset-notes.tsx";
import { Borrowers } from "./borrowers.tsx";
import { Ending } from "./ending.tsx";
import { Expiry } from "./expiry.tsx";
import { LentSender } from "./lent-sender.tsx";
import { Ailing, Paused } from "./paused.tsx";
import { ServerFacts } from "./server-facts.tsx";
import { ServerHead } from "./server-head.tsx";
import { Settings } from "./settings.tsx";
import { StoppedDomains } from "./stopped-domains.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { s, who } = await signedIn("servers.see");
  return { title: (await found(findServer(s, { who, server: (await params).id }))).name };
}

/** One sending server: what it is good for, what it has used, its description. */
export default async function ServerPage({ params }: Props) {
  const signed = await signedIn("servers.see");
  const { s, who } = signed;
  const server = await found(findServer(s, { who, server: (await params).id }));
  const writes = hasRight(who, "servers.write") && server.kind !== "sandbox";
  const preset = presetOf(server.preset);
  return (
    <>
      <ServerHead {...{ signed, server }} current="settings" />
      {server.pausedAt && <Paused {...{ signed, server }} writes={writes && !server.lent} />}
      {!server.pausedAt && server.ailingSince && <Ailing {...{ signed, at: server.ailingSince }} />}
      <StoppedDomains {...{ signed }} writes={writes && !server.lent} server={server.id} />
      <Columns
        asideFirst
        aside={
          <>
            <Today {...{ signed, server }} />
            <Expiry {...{ signed, server }} />
            {!server.lent && <Borrowers {...{ signed }} server={server.id} />}
            {preset && !server.lent && <PresetNotes {...{ signed, preset }} />}
          </>
        }
      >
        {server.kind === "sandbox" ? (
          <SandboxAbout {...{ signed }} />
        ) : server.lent ? (
          <LentSender {...{ signed, server, writes }} />
        ) : writes ? (
          <Settings {...{ signed, server }} />
        ) : (
          <ServerFacts {...{ signed, server }} />
        )}
        {writes && (server.liveAt || !server.lent) && <Ending {...{ signed, server }} />}
      </Columns>
    </>
  );
}

/** The sandbox has nothing to be set: what it took is read elsewhere. */
function SandboxAbout({ signed: { t } }: { signed: SignedIn }) {
  return (
    <Sheet>
      <SheetPart>
        <p>{t("serverScreens.sandboxAbout")}</p>
        <Link href="/sandbox">{t("campaigns.sandboxName")}</Link>
      </SheetPart>
    </Sheet>
  );
}

/** What this hour and this day have used. */
function Today({ signed: { t, format }, server }: { signed: SignedIn; server: ServerView }) {
  const { used, perDay, perDayNow, perHour, reserve } = server;
  const windows = [
    { label: t("campaigns.live.today"), most: perDayNow, n: used.day.campaign + used.day.system },
    ...(server.lent
      ? []
      : [{ label: t("campaigns.live.thisHour"), most: perHour, n: used.hour.campaign + used.hour.system }]),
  ];
  return (
    <Section title={t(server.lent ? "serverScreens.lent.share" : "serverScreens.used")}>
      <Sheet>
        {windows.map(({ label, most, n }) => (
          <SheetPart key={label}>
            {most ? (
              <Meter label={label} value={n} max={most} reserve={reserve}>
                {t("campaigns.live.used", { n: format.number(n), most: format.number(most) })}
              </Meter>
            ) : (
              <p className="flex justify-between text-table">
                <span className="font-semibold">{label}</span>
                <span className="text-ink-2">{t("serverScreens.unlimited", { n })}</span>
              </p>
            )}
          </SheetPart>
        ))}
        {perDayNow !== perDay && (
          <SheetPart className="text-note text-ink-2">{t("serverScreens.ramping", { n: perDay ?? 0 })}</SheetPart>
        )}
        {reserve > 0 && (
          <SheetPart className="text-note text-ink-2">
            {t(server.lent ? "serverScreens.lent.shareNote" : "serverScreens.reserved", { n: reserve })}
          </SheetPart>
        )}
      </Sheet>
    </Section>
  );
}
