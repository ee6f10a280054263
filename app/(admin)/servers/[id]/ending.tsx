import { inProduction } from "../../../../lib/servers/production.ts";
import type { ServerView } from "../../../../lib/servers/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { outOfProduction, remove } from "../actions.ts";

/** The way out: of production, where another server stays there, and then away. The only one in production stays. */
export async function Ending({ signed: { s, who, t }, server }: { signed: SignedIn; server: ServerView }) {
  if (server.liveAt && (await inProduction(s, { who })).length < 2) return null;
  const of = server.liveAt
    ? {
        ...{ open: t("serverScreens.live.leave"), title: t("serverScreens.live.leaveTitle", { name: server.name }) },
        ...{ action: outOfProduction, about: t("serverScreens.live.leaveAbout") },
      }
    : {
        ...{ open: t("serverScreens.remove"), title: t("serverScreens.removeTitle", { name: server.name }) },
        ...{ action: remove, about: t("serverScreens.removeAbout") },
      };
  return (
    <div className="mt-7">
      <ConfirmDialog
        {...{ open: of.open, title: of.title, action: of.action, confirm: of.open }}
        openLook="danger"
        values={{ server: server.id }}
      >
        <p>{of.about}</p>
      </ConfirmDialog>
    </div>
  );
}
