import type { Metadata } from "next";
import { serverQueue } from "../../../../../lib/delivery/server-queue.ts";
import { findServer } from "../../../../../lib/servers/find.ts";
import { hasRight } from "../../../../../lib/users/roles.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { Empty } from "../../../../_ui/empty.tsx";
import { Sheet } from "../../../../_ui/layout.tsx";
import { ServerHead } from "../server-head.tsx";
import { decideQueued } from "./actions.ts";
import { Decide } from "./decide.tsx";
import { FilterForm } from "./filter-form.tsx";
import { Waiting } from "./waiting.tsx";

type Search = { domain?: string; reply?: string };
type Props = { params: Promise<{ id: string }>; searchParams: Promise<Search> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("serverScreens.queue.title") };
}

/** What waits for this server, the oldest first, with the server's last word on each. */
export default async function QueuePage({ params, searchParams }: Props) {
  const signed = await signedIn("servers.see");
  const { s, who, t } = signed;
  const [{ id }, search] = [await params, await searchParams];
  const server = await found(findServer(s, { who, server: id }));
  const domain = /^[a-z0-9.-]{1,253}$/i.test(search.domain ?? "") ? search.domain : undefined;
  const reply = search.reply?.slice(0, 80) || undefined;
  const rows = await serverQueue(s, {
    ...{ who, server: id },
    ...(domain ? { domain } : {}),
    ...(reply ? { reply } : {}),
  });
  const writes = hasRight(who, "campaigns.write");
  return (
    <>
      <ServerHead {...{ signed, server }} current="queue" />
      <p className="mb-3 max-w-text">{t("serverScreens.queue.about", { n: rows.length })}</p>
      <FilterForm
        label={t("serverScreens.queue.filter")}
        fields={[
          { name: "domain", label: t("serverScreens.queue.domain"), value: domain },
          { name: "reply", label: t("serverScreens.queue.reply"), value: reply },
        ]}
        press={t("serverScreens.queue.look")}
      />
      {rows.length === 0 ? (
        <Sheet>
          <Empty>{t(domain || reply ? "serverScreens.queue.noneSo" : "serverScreens.queue.none")}</Empty>
        </Sheet>
      ) : (
        <ActionForm action={decideQueued} id="queue" className="">
          <input type="hidden" name="server" value={id} />
          {writes && <Decide t={t} />}
          <Sheet>
            {rows.map((row) => (
              <Waiting key={row.id} {...{ signed, row, writes }} />
            ))}
          </Sheet>
        </ActionForm>
      )}
    </>
  );
}
