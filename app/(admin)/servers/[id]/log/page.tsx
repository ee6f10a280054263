import type { Metadata } from "next";
import { serverLines } from "../../../../../lib/delivery/server-lines.ts";
import { findServer } from "../../../../../lib/servers/find.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { LinkButton } from "../../../../_ui/button.tsx";
import { FilterForm } from "../queue/filter-form.tsx";
import { ServerHead } from "../server-head.tsx";
import { lineFilter, OUTCOMES } from "./line-filter.ts";
import { lineText, outcomeWord } from "./line-words.ts";
import { LogTail } from "./log-tail.tsx";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("serverScreens.log.title") };
}

/** The last 200 lines of what happened with this server, growing as it happens. */
export default async function LogPage({ params, searchParams }: Props) {
  const signed = await signedIn("servers.see");
  const { s, who, t } = signed;
  const [{ id }, search] = [await params, await searchParams];
  const server = await found(findServer(s, { who, server: id }));
  const only = lineFilter(new URLSearchParams(search));
  const lines = await found(serverLines(s, { who, server: id, ...only }));
  const words = (key: string) => t(`serverScreens.log.${key}`);
  return (
    <>
      <ServerHead
        {...{ signed, server }}
        current="log"
        actions={
          <LinkButton icon="download" href={`/servers/${id}/log/file?${new URLSearchParams(only)}`}>
            {words("download")}
          </LinkButton>
        }
      />
      <FilterForm
        label={words("filter")}
        fields={[
          { name: "domain", label: t("serverScreens.queue.domain"), value: only.domain },
          {
            ...{ name: "outcome", label: words("outcome"), value: only.outcome },
            options: OUTCOMES.map((value) => ({ value, label: outcomeWord(t, value) })),
          },
        ]}
        press={t("serverScreens.queue.look")}
        all={words("all")}
      />
      <LogTail
        key={JSON.stringify(only)}
        first={lines.map((line) => lineText(signed, line))}
        stream={`/servers/${id}/log/stream?${new URLSearchParams({ after: String(lines[0]?.n ?? 0), ...only })}`}
        words={{
          ...{ label: words("title"), none: words("none"), pause: words("pause"), go: words("go") },
          ...{ copy: words("copy"), live: words("live"), paused: words("paused"), lost: words("gap") },
          ...{ ended: words("ended"), skipped: words("skipped"), held: t("serverScreens.log.held", { n: "{n}" }) },
        }}
      />
    </>
  );
}
