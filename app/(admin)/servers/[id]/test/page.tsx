import type { Metadata } from "next";
import { findServer } from "../../../../../lib/servers/find.ts";
import { hasRight } from "../../../../../lib/users/roles.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { ServerHead } from "../server-head.tsx";
import { TestTalk } from "./test-talk.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { s, who, t } = await signedIn("servers.see");
  const server = await found(findServer(s, { who, server: (await params).id }));
  return { title: `${t("serverScreens.views.test")} · ${server.name}` };
}

/** Whether a server takes mail, step by step. */
export default async function ServerTestPage({ params }: Props) {
  const signed = await signedIn("servers.see");
  const { s, who } = signed;
  const server = await found(findServer(s, { who, server: (await params).id }));
  return (
    <>
      <ServerHead {...{ signed, server }} current="test" />
      <TestTalk {...{ signed, server }} writes={hasRight(who, "servers.write")} />
    </>
  );
}
