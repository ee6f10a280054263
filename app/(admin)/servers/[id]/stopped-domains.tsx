import { type PausedDomain, pausedDomains } from "../../../../lib/servers/pause-domain.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { resumeOne } from "../actions.ts";

/** Recipient domains that refuse this server: their people wait, everybody else's mail goes on. Nothing where there are none. */
export async function StoppedDomains(o: { signed: SignedIn; server: string; writes: boolean }) {
  const { s, who, t } = o.signed;
  const domains = await pausedDomains(s, { who, server: o.server });
  if (domains.length === 0) return null;
  return (
    <div className="mb-7">
      <Section title={t("serverScreens.domains.title")}>
        <p className="mb-3 text-ink-2">{t("serverScreens.domains.about")}</p>
        <Sheet>
          {domains.map((one) => (
            <Stopped key={one.domain} {...o} one={one} />
          ))}
        </Sheet>
      </Section>
    </div>
  );
}

function Stopped({
  signed,
  server,
  writes,
  one,
}: {
  signed: SignedIn;
  server: string;
  writes: boolean;
  one: PausedDomain;
}) {
  const { t, format } = signed;
  const since = format.short(one.pausedAt);
  return (
    <SheetPart className="flex flex-wrap items-start justify-between gap-3">
      <div className="min-w-0 flex-1">
        <p className="break-words font-semibold">{one.domain}</p>
        <p>{t(`serverScreens.domains.why.${one.reason}`)}</p>
        {one.reply && <p className="break-words font-mono text-note text-ink-2">{one.reply}</p>}
        <p className="text-note text-ink-2">
          {one.retryAt
            ? t("serverScreens.domains.retries", { since, at: format.short(one.retryAt) })
            : t("serverScreens.domains.since", { since })}
        </p>
      </div>
      {writes && (
        <ActionForm action={resumeOne} label={one.domain}>
          <input type="hidden" name="server" value={server} />
          <input type="hidden" name="domain" value={one.domain} />
          <SubmitButton look="plain">{t("serverScreens.domains.resume")}</SubmitButton>
        </ActionForm>
      )}
    </SheetPart>
  );
}
