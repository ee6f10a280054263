import { ourAddress } from "../../../../lib/servers/our-address.ts";
import { presetOf } from "../../../../lib/servers/presets.ts";
import type { ServerView } from "../../../../lib/servers/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { zones } from "../../../_ui/zones.ts";
import { changeServer } from "../actions.ts";
import { proposals, savedServer } from "../server-defaults.ts";
import { type ServerDefaults, ServerForm } from "../server-form.tsx";
import { serverWords } from "../server-words.ts";

/** The description of a server, to be changed. */
export async function Settings({ signed: { s, t }, server }: { signed: SignedIn; server: ServerView }) {
  const preset = presetOf(server.preset) ?? presetOf("custom");
  const ways = [...new Set<ServerDefaults["auth"]>([...(preset?.auth ?? []), server.auth])];
  const ours = ways.includes("none") ? (seenAddress(server) ?? (await ourAddress(s))) : undefined;
  return (
    <ServerForm
      key={JSON.stringify([server.host, server.port, server.hasPassword, server.hasOauth])}
      action={changeServer}
      server={server.id}
      words={serverWords(t)}
      proposals={proposals()}
      example={preset?.example}
      zones={zones(server.zone)}
      signIn={{
        ...{ ways, hasPassword: server.hasPassword, hasOauth: server.hasOauth },
        ours: ours ? { ip: ours.ip, from: t(`serverScreens.ours.${ours.from}`) } : null,
      }}
      defaults={savedServer(server)}
    />
  );
}

/** What the last test has seen of our address. */
function seenAddress({ testTalk }: ServerView) {
  const facts = testTalk?.find(({ step }) => step === "greeting")?.facts;
  return facts?.ip ? { ip: String(facts.ip), from: String(facts.from) } : undefined;
}
