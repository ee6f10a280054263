import type { ReactNode } from "react";
import { inProduction } from "../../../../lib/servers/production.ts";
import type { ServerView as Server } from "../../../../lib/servers/types.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { LinkButton } from "../../../_ui/button.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { serverState } from "../../../_ui/server-tag.tsx";
import { ServerTabs, type ServerView } from "./server-tabs.tsx";

type Props = { signed: SignedIn; server: Server; current: ServerView; actions?: ReactNode };

/** The head of a server's pages: its name, what it is good for now, its views. */
export async function ServerHead({ signed: { s, t, who }, server, current, actions }: Props) {
  const production = server.liveAt ? await inProduction(s, { who }) : [];
  const primary = production.length > 1 && production[0]?.id === server.id;
  const now = serverState(server);
  const state = [t(primary && now === "live" ? "serverScreens.primary" : `serverScreens.states.${now}`)];
  if (server.lent) state.push(t("serverScreens.kinds.lent", { n: server.perDay ?? 0 }));
  if (server.kind !== "sandbox") state.push(`${server.host}:${server.port}`, server.fromAddress || "–");
  const goes =
    hasRight(who, "servers.write") &&
    server.kind !== "sandbox" &&
    server.fromAddress !== "" &&
    !(server.liveAt && (primary || !production[1]));
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
                <LinkButton
                  look={server.testOk === "yes" && !server.liveAt ? "primary" : "plain"}
                  href={`/servers/${server.id}/live`}
                >
                  {t(server.liveAt ? "serverScreens.live.makePrimary" : "serverScreens.live.go")}
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
