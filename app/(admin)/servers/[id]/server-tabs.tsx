import type { ServerView as Server } from "../../../../lib/servers/types.ts";
import type { Translate } from "../../../_server/translate.ts";
import { Tabs } from "../../../_ui/tabs.tsx";

/** The pages of a server, in the order of its tabs. `real`: not of the sandbox, which goes nowhere. */
const VIEWS = {
  settings: { path: "", real: false },
  test: { path: "/test", real: true },
  dkim: { path: "/dkim", real: true },
  domain: { path: "/domain", real: true },
  queue: { path: "/queue", real: false },
  log: { path: "/log", real: false },
  graphs: { path: "/graphs", real: false },
} as const;
export type ServerView = keyof typeof VIEWS;

type Props = { t: Translate; server: Pick<Server, "id" | "kind" | "lent">; current: ServerView };

/** The views of a sending server. */
export function ServerTabs({ t, server, current }: Props) {
  const shown = (view: ServerView) =>
    // What a server does as a whole is its owner's to see.
    server.kind === "sandbox" ? !VIEWS[view].real : !(server.lent && view === "graphs");
  const views = (Object.keys(VIEWS) as ServerView[]).filter(shown);
  return (
    <Tabs
      label={t("serverScreens.views.label")}
      of={views.map((view) => ({
        href: `/servers/${server.id}${VIEWS[view].path}`,
        label: t(`serverScreens.views.${view}`),
        current: view === current,
      }))}
    />
  );
}
