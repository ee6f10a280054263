import type { ServerView } from "../../../../lib/servers/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Notice } from "../../../_ui/notice.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { resume } from "../actions.ts";

type Part = { signed: SignedIn; server: ServerView; writes: boolean };

/** Why it stands still, and when it is tried again. */
export function Paused({ signed: { t, format }, server, writes }: Part) {
  const key = `servers.paused.${server.pausedReason}`;
  const why = t.has(key) ? t(key) : (server.pausedReason ?? "");
  const since = server.pausedAt ? format.short(server.pausedAt) : "";
  return (
    <div className="mb-5">
      <Notice
        tone="warn"
        title={t("serverScreens.pausedTitle", { at: since })}
        action={
          writes && (
            <ActionForm action={resume} id="resume">
              <input type="hidden" name="server" value={server.id} />
              <SubmitButton look="plain">{t("serverScreens.resume")}</SubmitButton>
            </ActionForm>
          )
        }
      >
        <p>{t("serverScreens.pausedWhy", { why })}</p>
        <p>
          {server.retryAt ? t("serverScreens.retries", { at: format.time(server.retryAt) }) : t("serverScreens.waits")}
        </p>
      </Notice>
    </div>
  );
}

/** It is slow, or silent: others carry its part meanwhile. */
export function Ailing({ signed: { t, format }, at }: { signed: SignedIn; at: Date }) {
  return (
    <div className="mb-5">
      <Notice tone="warn" title={t("serverScreens.ailing")}>
        <p>{t("serverScreens.ailingAbout", { at: format.short(at) })}</p>
      </Notice>
    </div>
  );
}
