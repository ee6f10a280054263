import type { CampaignPage } from "../../../../lib/campaigns/page.ts";
import { checks } from "../../../../lib/campaigns/page.ts";
import type { Finding } from "../../../../lib/campaigns/types.ts";
import { found, type SignedIn } from "../../../_server/session.ts";
import { Checks, type CheckTone } from "../../../_ui/checks.tsx";
import { KeySentence, RICH } from "../../../_ui/key-sentence.tsx";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";

const TONES: Record<Finding["level"], CheckTone> = { ok: "ok", warn: "warn", block: "bad", unknown: "unknown" };

/** Everything that is looked at before sending, each with the way to its spot. */
export async function StepChecks({ signed, page }: { signed: SignedIn; page: CampaignPage }) {
  const { s, who, t } = signed;
  const all = await found(checks(s, { who, campaign: page.campaign.id }));
  const blocks = all.filter((one) => one.level === "block").length;
  return (
    <Sheet className="max-w-3xl">
      <SheetPart>
        <KeySentence>{t.rich("campaigns.checksSum", { n: blocks, ...RICH })}</KeySentence>
      </SheetPart>
      <CheckList {...{ signed, page, all }} />
    </Sheet>
  );
}

/** Findings in words; `unsolved` leaves out what is good. */
export function CheckList({ signed: { t }, page, all }: { signed: SignedIn; page: CampaignPage; all: Finding[] }) {
  const words = {
    ok: t("ui.check.ok"),
    warn: t("ui.check.warn"),
    bad: t("ui.check.bad"),
    unknown: t("ui.check.unknown"),
  };
  return (
    <Checks
      words={words}
      of={all.map((one) => {
        const facts = { ...one.facts, label: fieldLabel(t, one.facts.field) };
        const note = t.has(`${one.key}_note`) ? t(`${one.key}_note`, facts) : "";
        const line = one.line ? t("campaigns.preview.line", { n: one.line }) : "";
        const detail = [line, note].filter(Boolean).join(" ");
        return {
          tone: TONES[one.level],
          title: t(one.key, facts),
          ...(detail ? { detail } : {}),
          ...(one.level === "ok"
            ? {}
            : { action: <Link href={hrefOf(page.campaign.id, one)}>{t("campaigns.goThere")}</Link> }),
        };
      })}
    />
  );
}

/** A field by its name for people: "Nome" for `contact.first_name`; the organization's own fields by theirs. */
function fieldLabel(t: SignedIn["t"], field: string | number | undefined): string {
  const key = `campaigns.mergeFields.${String(field ?? "").replace(".", "_")}`;
  return t.has(key) ? t(key) : String(field ?? "").replace("contact.fields.", "");
}

function hrefOf(id: string, { step, check, facts }: Finding): string {
  if (check.startsWith("sender_")) return `/servers/${facts.server}/domain`;
  if (check.startsWith("subject_reply_")) return `/campaigns/${id}?step=send#approval`;
  if (check === "server_other_domain") return `/campaigns/${id}?step=send#routes`;
  if (["sandbox", "server_paused", "no_server"].includes(check)) return "/servers";
  return `/campaigns/${id}?step=${step}`;
}
