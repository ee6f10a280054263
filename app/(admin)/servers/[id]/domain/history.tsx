import type { DomainPage } from "../../../../../lib/servers/domain-check/page.ts";
import type { SignedIn } from "../../../../_server/session.ts";
import { Note, Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { StatusTag, type Tone } from "../../../../_ui/status-tag.tsx";

const TONES: Record<"pass" | "fail" | "unknown" | "none", Tone> = {
  pass: "ok",
  fail: "bad",
  unknown: "still",
  none: "warn",
};

/** The states of the domain one after another, newest first: what changed, and when. */
export function History({ signed: { t, format }, page }: { signed: SignedIn; page: DomainPage }) {
  return (
    <Section title={t("domainScreen.history")}>
      <Sheet>
        {page.history.length === 0 && (
          <SheetPart>
            <Note>{t("domainScreen.historyEmpty")}</Note>
          </SheetPart>
        )}
        {page.history.map((one, i) => (
          <SheetPart key={one.at.toISOString()}>
            <p className="text-table font-semibold">
              {i === 0
                ? t("domainScreen.since", { from: format.short(one.at) })
                : t("domainScreen.span", { from: format.short(one.at), until: format.short(one.until) })}
            </p>
            <p className="flex flex-wrap gap-2">
              {(["spf", "dkim", "dmarc"] as const).map((check) => (
                <StatusTag key={check} tone={TONES[one[check]]}>
                  {`${check.toUpperCase()} ${t(`domainScreen.state.${one[check]}`)}`}
                </StatusTag>
              ))}
            </p>
            {one.problems.length > 0 && (
              <ul className="list-disc space-y-0.5 pl-5 text-note text-ink-2">
                {one.problems.map(({ check, code, facts }) => (
                  <li key={`${check}${code}${facts.subject ?? facts.address ?? facts.selector ?? ""}`}>
                    {t(`domainCheck.${check}.${code}`, facts)}
                  </li>
                ))}
              </ul>
            )}
          </SheetPart>
        ))}
      </Sheet>
    </Section>
  );
}
