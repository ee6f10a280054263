import { type Approval, campaignApproval } from "../../../../lib/campaigns/approval.ts";
import type { CampaignPage } from "../../../../lib/campaigns/page.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { Note, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { StatusTag } from "../../../_ui/status-tag.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { TextField } from "../../../_ui/text-field.tsx";
import { approveSubject, askForApproval, refuseSubject } from "./approval-actions.ts";

type Props = { signed: SignedIn; page: CampaignPage };
type Shown = Props & { approval: Approval };

const TONES = { unasked: "bad", waiting: "warn", refused: "bad", approved: "ok" } as const;

/** Where a subject has to be released by a second person: what it is about, how far it has come, and the press of whose turn it is. */
export async function ApprovalSection({ signed, page }: Props) {
  const { s, who, t } = signed;
  const approval = await campaignApproval(s, { who, campaign: page.campaign.id });
  if (!approval) return null;
  const { mark, state } = approval;
  return (
    <Section id="approval" title={t("campaigns.approval.title")}>
      <Sheet>
        <SheetPart>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <b className="min-w-0 [overflow-wrap:anywhere]">{page.draft.subject}</b>
            <StatusTag tone={TONES[state]}>{t(`campaigns.approval.states.${state}`)}</StatusTag>
          </p>
          <p>{t("campaigns.approval.about", { mark })}</p>
          <History {...{ signed, page, approval }} />
          <Press {...{ signed, page, approval }} />
        </SheetPart>
      </Sheet>
    </Section>
  );
}

function History({ signed: { t, format }, approval: { state, question } }: Shown) {
  if (!question) return null;
  const somebody = t("campaigns.approval.somebody");
  const { version, askedAt, decidedAt, reason } = question;
  const asked = { name: question.askedByName ?? somebody, at: format.short(askedAt), version };
  const decided = decidedAt && { name: question.decidedByName ?? somebody, at: format.short(decidedAt) };
  return (
    <div className="text-table">
      <p>{t("campaigns.approval.askedBy", asked)}</p>
      {decided && <p>{t(`campaigns.approval.${state === "approved" ? "approvedBy" : "refusedBy"}`, decided)}</p>}
      {reason && <p className="[overflow-wrap:anywhere]">{t("campaigns.approval.reasonLine", { reason })}</p>}
    </div>
  );
}

/** The one press that moves it on, for whose turn it is. */
function Press({ signed: { t, who }, page: { campaign }, approval: { state, question } }: Shown) {
  if (state === "approved") return <Note>{t("campaigns.approval.valid")}</Note>;
  if (state !== "waiting") {
    if (!hasRight(who, "campaigns.write")) return null;
    return (
      <ActionForm action={askForApproval} id="ask-approval" label={t("campaigns.approval.title")}>
        <input type="hidden" name="campaign" value={campaign.id} />
        <input type="hidden" name="version" value={campaign.version} />
        <SubmitButton look="plain">{t(`campaigns.approval.${state === "refused" ? "askAgain" : "ask"}`)}</SubmitButton>
      </ActionForm>
    );
  }
  if (question?.askedBy === who.user) return <Note>{t("campaigns.approval.own")}</Note>;
  return hasRight(who, "campaigns.release") ? (
    <Decide {...{ t, campaign: campaign.id, question: question?.id ?? "" }} />
  ) : null;
}

function Decide({ t, campaign, question }: { t: SignedIn["t"]; campaign: string; question: string }) {
  return (
    <>
      <p>
        <Link href={`/campaigns/${campaign}?step=content`}>{t("campaigns.approval.read")}</Link>
      </p>
      <div className="flex flex-wrap gap-2">
        <ActionForm action={approveSubject} id="approve" label={t("campaigns.approval.approve")}>
          <input type="hidden" name="campaign" value={campaign} />
          <input type="hidden" name="question" value={question} />
          <SubmitButton>{t("campaigns.approval.approve")}</SubmitButton>
        </ActionForm>
        <ConfirmDialog
          open={t("campaigns.approval.refuse")}
          title={t("campaigns.approval.refuseTitle")}
          action={refuseSubject}
          values={{ campaign, question }}
          confirm={t("campaigns.approval.refuseConfirm")}
        >
          <p>{t("campaigns.approval.refuseAbout")}</p>
          <TextField name="reason" label={t("campaigns.approval.reason")} required maxLength={300} />
        </ConfirmDialog>
      </div>
    </>
  );
}
