import { join } from "node:path";
import { suppressionKey } from "../../../lib/crypto/address-keys.ts";
import { makeLink } from "../../../lib/crypto/links.ts";
import { leavePayload } from "../../../lib/crypto/payloads.ts";
import { freePort } from "../../../scripts/embedded/postgres.mjs";
import { paths } from "./paths.ts";
import type { Stage } from "./stage.ts";
import { Running } from "./worker.ts";

/** A port for the web process, before the stage is opened: links in mail lead there. */
export const webPort = (): Promise<number> => freePort(0);

/** The built web process of a stage that was opened with a `webPort`. A crash of it is told by the finding. */
export async function startWeb(stage: Stage, o: { env?: Record<string, string> } = {}): Promise<Running> {
  const port = new URL(stage.s.config.PUBLIC_URL).port;
  const web = new Running({
    file: paths.web,
    cwd: join(paths.web, "../.."),
    env: { ...stage.env, PORT: port, NEXT_TELEMETRY_DISABLED: "1", ...o.env },
  });
  stage.after(() => web.end());
  await web.ready;
  return web;
}

/** What the one-click link of a mail to her leads to. */
export function leaveLink(stage: Stage, contact: string): string {
  const { s, scene } = stage;
  const { organization, list } = scene;
  const key = suppressionKey(s.keys, s.keys.write, organization, scene.addressOf(contact));
  return `${s.config.PUBLIC_URL}/u/${makeLink(s.keys, "u", leavePayload({ organization, list, contact, key }))}`;
}

/** RFC 8058: one POST, no cookie. Answers with the status, 0 where nobody answered. */
export async function oneClick(link: string): Promise<number> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await fetch(link, { method: "POST", headers, body: "List-Unsubscribe=One-Click" }).catch(
    () => undefined,
  );
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.status ?? 0;
}

/** Runs `work` for each, so many at once. */
export async function inParallel<T>(these: T[], n: number, work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...these];
  await Promise.all(
    Array.from({ length: n }, async () => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
    }),
  );
}
