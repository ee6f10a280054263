import type { Draft } from "../../../../lib/campaigns/types.ts";
import type { Answer, Change } from "./autosaver.ts";

/** What the browser still sends when the page goes, at most (64 KB in all). */
const KEPT_ALIVE = 60_000;

type Body = {
  version?: number;
  savedAt?: string;
  theirs?: Draft;
  errors?: Record<string, string[]>;
  error?: { code: string; text?: string };
};

/** Posts a save; no answer at all means that there is no network. */
export async function saveOver(
  id: string,
  body: { version: number; change: Change },
  leaving: boolean,
): Promise<Answer> {
  const text = JSON.stringify({ version: body.version, ...body.change });
  try {
    const response = await fetch(`/campaigns/${id}/draft`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: text,
      keepalive: leaving && text.length < KEPT_ALIVE,
    });
    return answerOf(response.status, (await response.json().catch(() => ({}))) as Body);
  } catch {
    return { kind: "offline" };
  }
}

function answerOf(status: number, { version = 0, savedAt = "", theirs, errors, error }: Body): Answer {
  if (status === 200) return { kind: "saved", version, savedAt };
  if (status === 409 && theirs) return { kind: "conflict", version, theirs };
  if (errors) return { kind: "refused", errors: joined(errors) };
  return { kind: "failed", code: error?.text ?? error?.code ?? String(status) };
}

function joined(errors: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(errors).map(([field, said]) => [field, said.join(" ")]));
}
