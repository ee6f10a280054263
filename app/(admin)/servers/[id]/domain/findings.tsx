import type { DomainPage } from "../../../../../lib/servers/domain-check/page.ts";
import type { Translate } from "../../../../_server/translate.ts";
import { Checks, type CheckTone } from "../../../../_ui/checks.tsx";
import { CopyField } from "../../../../_ui/copy-field.tsx";

type Finding = NonNullable<DomainPage["now"]>["findings"][number];

const ORDER: CheckTone[] = ["bad", "warn", "unknown", "ok"];

/** Findings in words, worst first, each with what to do and the record to paste. */
export function Findings({ t, of }: { t: Translate; of: Finding[] }) {
  const words = {
    ok: t("ui.check.ok"),
    warn: t("ui.check.warn"),
    bad: t("ui.check.bad"),
    unknown: t("ui.check.unknown"),
  };
  const sorted = [...of].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
  return (
    <Checks
      words={words}
      of={sorted.map((one) => {
        const key = `domainCheck.${one.check}.${one.code}`;
        const note = t.has(`${key}_note`) ? t(`${key}_note`, one.facts).trim() : "";
        const record = one.facts.record !== undefined || one.facts.found !== undefined;
        return {
          tone: one.level,
          title: t(key, one.facts),
          ...(note || record ? { detail: <Detail {...{ t, note, of: one }} /> } : {}),
        };
      })}
    />
  );
}

function Detail({ t, note, of: { facts } }: { t: Translate; note: string; of: Finding }) {
  const { name, record, domain, found } = facts;
  return (
    <>
      {note && <span className="block max-w-text">{note}</span>}
      {found !== undefined && (
        <span className="mt-1 block font-mono">{t("domainScreen.present", { found: String(found) })}</span>
      )}
      {record !== undefined && (
        <span className="mt-2 block space-y-2 text-ink">
          {name !== undefined && (
            <CopyField
              label={t("domainScreen.name")}
              value={String(name)}
              help={t("domainScreen.nameHelp", { host: hostOf(t, String(name), String(domain ?? "")) })}
            />
          )}
          <CopyField label={t("domainScreen.value")} value={String(record)} />
        </span>
      )}
    </>
  );
}

/** What stands before the domain; of the domain itself nothing. */
function hostOf(t: Translate, name: string, domain: string): string {
  if (name === domain) return t("domainScreen.root");
  return name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : name;
}
