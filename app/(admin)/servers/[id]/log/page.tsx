import type { Metadata } from "next";
import { serverLines } from "../../../../../lib/delivery/server-lines.ts";
import { findServer } from "../../../../../lib/servers/find.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { LinkButton } from "../../../../_ui/button.tsx";
import { FilterForm } from "../queue/filter-form.tsx";
import { ServerHead } from "../server-head.tsx";
import { lineText } from "./line-words.ts";
import { LogTail } from "./log-tail.tsx";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ domain?: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("serverScreens.log.title") };
}

/** The last 200 lines of what happened with this server, growing as it happens. */
export default async function LogPage({ params, searchParams }: Props) {
  const signed = await signedIn("servers.see");
  const { s, who, t } = signed;
  const [{ id }, search] = [await params, await searchParams];
  const server = await found(findServer(s, { who, server: id }));
  const domain = /^[a-z0-9.-]{1,253}$/i.test(search.domain ?? "") ? search.domain : undefined;
  const only = domain ? { domain } : {};
  const lines = await serverLines(s, { who, server: id, ...only });
  return (
    <>
      <ServerHead
        {...{ signed, server }}
        current="log"
        actions={<LinkButton href={`/servers/${id}/log/file`}>{t("serverScreens.log.download")}</LinkButton>}
      />
      <FilterForm
        label={t("serverScreens.queue.filter")}
        fields={[{ name: "domain", label: t("serverScreens.queue.domain"), value: domain }]}
        press={t("serverScreens.queue.look")}
      />
      <LogTail
        key={domain ?? ""}
        first={lines.map((line) => lineText(signed, line))}
        stream={`/servers/${id}/log/stream?${new URLSearchParams({ after: String(lines[0]?.n ?? 0), ...only })}`}
        words={{
          ...{ label: t("serverScreens.log.title"), none: t("serverScreens.log.none") },
          ...{ pause: t("serverScreens.log.pause"), go: t("serverScreens.log.go"), copy: t("serverScreens.log.copy") },
          ...{
            live: t("serverScreens.log.live"),
            paused: t("serverScreens.log.paused"),
            gap: t("serverScreens.log.gap"),
          },
        }}
      />
    </>
  );
}
