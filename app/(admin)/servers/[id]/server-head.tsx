import type { ReactNode } from "react";
import type { ServerView as Server } from "../../../../lib/servers/types.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { LinkButton } from "../../../_ui/button.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { serverState } from "../state.tsx";
import { ServerTabs, type ServerView } from "./server-tabs.tsx";

type Props = { signed: SignedIn; server: Server; current: ServerView; actions?: ReactNode };

/** The head of a server's pages: its name, what it is good for now, its views. */
export function ServerHead({ signed: { t, who }, server, current, actions }: Props) {
  const state = [t(`serverScreens.states.${serverState(server)}`)];
  if (server.kind !== "sandbox") state.push(`${server.host}:${server.port}`, server.fromAddress);
  const goes = hasRight(who, "servers.write") && server.kind !== "sandbox" && !server.liveAt;
  return (
    <>
      <PageHead
        above={<Breadcrumb of={[{ href: "/servers", label: t("serverScreens.title") }]} />}
        title={server.kind === "sandbox" ? t("campaigns.sandboxName") : server.name}
        state={state.join(" · ")}
        actions={
          (actions || goes) && (
            <>
              {actions}
              {goes && (
                <LinkButton look={server.testOk === "yes" ? "primary" : "plain"} href={`/servers/${server.id}/live`}>
                  {t("serverScreens.live.go")}
                </LinkButton>
              )}
            </>
          )
        }
      />
      <ServerTabs {...{ t, server, current }} />
    </>
  );
}
