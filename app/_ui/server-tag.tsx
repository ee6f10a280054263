import type { ServerView } from "../../lib/servers/types.ts";
import type { Translate } from "../_server/translate.ts";
import { StatusTag, type Tone } from "./status-tag.tsx";

export type ServerState = "sandbox" | "paused" | "ailing" | "live" | "passed" | "failed" | "untested";

const TONES: Record<ServerState, Tone> = {
  ...{ sandbox: "info", paused: "warn", ailing: "warn", live: "ok", passed: "info", failed: "bad", untested: "still" },
};

/** What a server is good for at this moment. */
export function serverState(server: ServerView): ServerState {
  if (server.kind === "sandbox") return "sandbox";
  if (server.pausedAt) return "paused";
  if (server.liveAt) return server.ailingSince ? "ailing" : "live";
  if (!server.testOk) return "untested";
  return server.testOk === "yes" ? "passed" : "failed";
}

export function ServerTag({ server, t }: { server: ServerView; t: Translate }) {
  const state = serverState(server);
  return <StatusTag tone={TONES[state]}>{t(`serverScreens.states.${state}`)}</StatusTag>;
}
