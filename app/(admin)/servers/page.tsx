import type { Metadata } from "next";
import { listServers } from "../../../lib/servers/find.ts";
import { inProduction } from "../../../lib/servers/production.ts";
import type { ServerView } from "../../../lib/servers/types.ts";
import { hasRight } from "../../../lib/users/roles.ts";
import { type SignedIn, signedIn } from "../../_server/session.ts";
import { LinkButton } from "../../_ui/button.tsx";
import { DataTable } from "../../_ui/data-table.tsx";
import { Empty } from "../../_ui/empty.tsx";
import { KeySentence, RICH } from "../../_ui/key-sentence.tsx";
import { Note, Sheet, SheetPart } from "../../_ui/layout.tsx";
import { Link } from "../../_ui/link.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { ServerTag } from "../../_ui/server-tag.tsx";
import { ExpiryTag } from "./expiry-tag.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("serverScreens.title") };
}

/** Where mail goes, and every server with what it has used today. */
export default async function ServersPage() {
  const signed = await signedIn("servers.see");
  const { s, who, t } = signed;
  const servers = await listServers(s, { who });
  const [live, ...others] = await inProduction(s, { who });
  const add = hasRight(who, "servers.write") && (
    <LinkButton look="primary" icon="plus" href="/servers/new">
      {t("serverScreens.add")}
    </LinkButton>
  );
  return (
    <>
      <PageHead title={t("serverScreens.title")} state={t("serverScreens.about")} actions={servers.length > 0 && add} />
      <div className="mb-5">
        <Sheet>
          <SheetPart>
            <KeySentence>
              {live
                ? t.rich("serverScreens.goesOut", { ...live, ...RICH })
                : t.rich("serverScreens.goesToSandbox", RICH)}
            </KeySentence>
            {live && servers.some((one) => one.id === live.id && one.pausedAt) && (
              <p className="max-w-text text-table text-warn">
                {t(`serverScreens.goesOutPaused${others.length > 0 ? "Others" : ""}`, live)}
              </p>
            )}
            {others.length > 0 && (
              <Note>{t("serverScreens.alsoLive", { names: others.map(({ name }) => name).join(", ") })}</Note>
            )}
          </SheetPart>
        </Sheet>
      </div>
      <DataTable
        caption={t("serverScreens.title")}
        rows={servers}
        rowKey={(server) => server.id}
        empty={<Empty action={add}>{t("serverScreens.empty")}</Empty>}
        columns={[
          {
            key: "name",
            main: true,
            head: t("serverScreens.columns.name"),
            cell: (server) => <Name {...{ signed, server }} />,
          },
          {
            ...{ key: "host", head: t("serverScreens.columns.host") },
            cell: ({ kind, host, port }) => (kind === "sandbox" ? "–" : `${host}:${port}`),
          },
          {
            key: "state",
            head: t("serverScreens.columns.state"),
            cell: (server) => <ServerTag server={server} t={t} />,
          },
          {
            ...{ key: "expires", head: t("serverScreens.form.expiresOn") },
            cell: (server) => (server.expiresOn ? <ExpiryTag {...{ t, server }} /> : "–"),
          },
          {
            ...{ key: "today", numeric: true, head: t("serverScreens.columns.today") },
            cell: (server) => today(signed, server),
          },
        ]}
      />
    </>
  );
}

function Name({ signed: { t }, server }: { signed: SignedIn; server: ServerView }) {
  if (server.kind === "sandbox")
    return (
      <Link look="quiet" href="/sandbox">
        {t("campaigns.sandboxName")}
      </Link>
    );
  return (
    <>
      <Link look="quiet" href={`/servers/${server.id}`}>
        {server.name}
      </Link>
      <span className="block font-normal text-note text-ink-2">
        {server.lent
          ? t("serverScreens.kinds.lent", { n: server.perDay ?? 0 })
          : t(`serverScreens.kinds.${server.kind}`)}
      </span>
    </>
  );
}

function today({ t, format }: SignedIn, { used, perDayNow }: ServerView): string {
  const n = format.number(used.day.campaign + used.day.system);
  return perDayNow === null ? n : t("campaigns.live.used", { n, most: format.number(perDayNow) });
}
