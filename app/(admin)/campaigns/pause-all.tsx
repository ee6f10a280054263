import { hasRight } from "../../../lib/users/roles.ts";
import type { SignedIn } from "../../_server/session.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { Notice } from "../../_ui/notice.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { TextField } from "../../_ui/text-field.tsx";
import { pauseAll, resumeAll } from "./pause-actions.ts";

/** Stops everything that leaves, with a reason. */
export function PauseAll({ t, organization }: SignedIn) {
  return (
    <ConfirmDialog
      icon="player-pause"
      open={t("campaigns.pauseAll.open")}
      title={t("campaigns.pauseAll.title")}
      action={pauseAll}
      confirm={t("campaigns.pauseAll.confirm")}
    >
      <p>{t("campaigns.pauseAll.about", { organization: organization.name })}</p>
      <TextField name="reason" label={t("campaigns.pauseAll.reason")} required maxLength={200} />
    </ConfirmDialog>
  );
}

type Props = { signed: SignedIn; stopped: { at: Date; reason: string } | null };

/** That everything stands still, since when and why, and the way on. */
export function SendingPaused({ signed: { t, format, who }, stopped }: Props) {
  if (!stopped) return null;
  const go = (
    <ActionForm action={resumeAll} id="resume-all" quiet>
      <SubmitButton>{t("campaigns.pauseAll.resume")}</SubmitButton>
    </ActionForm>
  );
  return (
    <div className="mb-5">
      <Notice
        tone="bad"
        title={t("campaigns.pauseAll.paused", { at: format.short(stopped.at), reason: stopped.reason })}
        action={hasRight(who, "campaigns.write") && go}
      >
        <p>{t("campaigns.pauseAll.pausedAbout")}</p>
      </Notice>
    </div>
  );
}
