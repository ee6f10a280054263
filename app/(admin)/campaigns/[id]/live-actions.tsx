import type { CampaignPage } from "../../../../lib/campaigns/page.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { TextField } from "../../../_ui/text-field.tsx";
import { cancelRest, pauseCampaign, resumeCampaign, takeBack } from "./send-actions.ts";

/** What can be done with a campaign under way; each says how many messages it is about. */
export function LiveActions({
  signed: { t },
  page,
  remaining,
}: {
  signed: SignedIn;
  page: CampaignPage;
  remaining: number;
}) {
  const { id, state } = page.campaign;
  const hidden = <input type="hidden" name="campaign" value={id} />;
  if (!["scheduled", "sending", "paused"].includes(state)) return null;
  return (
    <>
      {state === "scheduled" && (
        <ActionForm action={takeBack} id="take-back">
          {hidden}
          <SubmitButton look="plain">{t("campaigns.live.takeBack")}</SubmitButton>
        </ActionForm>
      )}
      {state === "sending" && (
        <ConfirmDialog
          icon="player-pause"
          open={t("campaigns.live.pause")}
          title={t("campaigns.live.pauseTitle")}
          action={pauseCampaign}
          values={{ campaign: id }}
          confirm={t("campaigns.live.pauseConfirm", { n: remaining })}
          confirmLook="primary"
        >
          <p>{t("campaigns.live.pauseAbout")}</p>
          <TextField name="reason" label={t("campaigns.live.reason")} optional maxLength={200} />
        </ConfirmDialog>
      )}
      {state === "paused" && (
        <ActionForm action={resumeCampaign} id="resume">
          {hidden}
          <SubmitButton>{t("campaigns.live.resume", { n: remaining })}</SubmitButton>
        </ActionForm>
      )}
      <ConfirmDialog
        open={t("campaigns.live.cancel")}
        openLook="danger"
        title={t("campaigns.live.cancelTitle")}
        action={cancelRest}
        values={{ campaign: id }}
        confirm={
          state === "scheduled" ? t("campaigns.live.cancel") : t("campaigns.live.cancelConfirm", { n: remaining })
        }
        cancel={t("campaigns.live.cancelNot")}
      >
        <p>
          {state === "scheduled"
            ? t("campaigns.live.cancelScheduled")
            : t("campaigns.live.cancelAbout", { n: remaining })}
        </p>
      </ConfirmDialog>
    </>
  );
}
