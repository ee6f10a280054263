import { REMINDERS } from "../../../lib/servers/days-left.ts";
import type { ServerView } from "../../../lib/servers/types.ts";
import type { Translate } from "../../_server/translate.ts";
import { StatusTag } from "../../_ui/status-tag.tsx";

/** Days that a service has yet: calm, from 30 days on a warning, over. */
export function ExpiryTag({ t, server: { daysLeft } }: { t: Translate; server: ServerView }) {
  if (daysLeft === null) return null;
  const tone = daysLeft < 0 ? "bad" : daysLeft <= REMINDERS[0] ? "warn" : "still";
  return (
    <StatusTag tone={tone}>
      {daysLeft < 0 ? t("serverScreens.expiry.over") : t("serverScreens.expiry.left", { n: daysLeft })}
    </StatusTag>
  );
}
