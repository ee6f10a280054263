import { eq, sql } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { appNow } from "../clock.ts";
import { open, seal } from "../crypto/sealed.ts";
import { DomainError, NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { type PostForm, postForm } from "./post-form.ts";
import { presetOf } from "./presets.ts";
import { checkTarget } from "./target.ts";
import type { OAuthClient, Server } from "./types.ts";

/** What is sealed in `servers.oauth`. `access` is good until `until` (an instant as text). */
type Kept = OAuthClient & { access?: string; until?: string };

/** A token is not begun with in its last minute: a login takes its time. */
const SPARE_MS = 60_000;
const place = (server: string) => ({ table: "servers", row: server, column: "oauth" });

/** No access token. `responseCode` and `response` as a server that refuses a login gives them: only a person can mend that. */
export class TokenFailure extends Error {
  override readonly name = "TokenFailure";
  readonly responseCode: number | undefined;
  readonly response: string;

  /** @param refused the endpoint said no (its word for it); else it did not answer as it should */
  constructor(word: string, refused: boolean) {
    super(`token: ${word}`);
    this.response = `token: ${word}`;
    this.responseCode = refused ? 535 : undefined;
  }
}

/** Seals what OAuth2 signs in with under `at-rest` (formats.md §7). */
export function sealOauth(s: Services, server: string, kept: Kept): Buffer {
  return seal(s.keys, place(server), Buffer.from(JSON.stringify(kept)), s.randomBytes);
}

/**
 * An access token for a server's mailbox: the one that is kept, or a new one from the token endpoint of its preset.
 *
 * @param o not: a token that the server has just refused
 * @throws TokenFailure
 */
export function accessToken(
  s: Services,
  o: { server: string; not?: string | undefined; post?: PostForm },
): Promise<string> {
  return inTransaction(s, async (tx) => {
    // One at a time: some endpoints give a new refresh token with each access token, and forget the old one.
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${o.server}::text, 12))`);
    const [row] = await tx.db.select().from(servers).where(eq(servers.id, o.server));
    if (!row?.oauth) throw new NotFound("server");
    const kept = JSON.parse(open(s.keys, place(row.id), row.oauth).toString()) as Kept;
    const now = await appNow(tx.db);
    const good = kept.until && Date.parse(kept.until) - SPARE_MS > now.getTime();
    if (kept.access && good && kept.access !== o.not) return kept.access;
    const fresh = await renew(tx, row, kept, o.post ?? postForm);
    const next: Kept = { ...kept, ...fresh.kept, until: new Date(now.getTime() + fresh.seconds * 1000).toISOString() };
    await tx.db
      .update(servers)
      .set({ oauth: sealOauth(tx, row.id, next) })
      .where(eq(servers.id, row.id));
    return fresh.kept.access;
  });
}

/** RFC 6749 §6. */
async function renew(s: Services, { preset }: Server, kept: Kept, post: PostForm) {
  const endpoint = presetOf(preset)?.oauth;
  if (!endpoint) throw new TokenFailure("no_endpoint", true);
  const answer = await reach(s, endpoint.host, async (target) =>
    post({
      ...{ target, path: endpoint.path },
      fields: {
        ...{ grant_type: "refresh_token", client_id: kept.client },
        ...{ client_secret: kept.secret, refresh_token: kept.refresh },
      },
    }),
  );
  const said = parsed(answer.body);
  if (answer.status === 200 && typeof said.access_token === "string")
    return {
      kept: {
        access: said.access_token,
        ...(typeof said.refresh_token === "string" ? { refresh: said.refresh_token } : {}),
      },
      seconds: typeof said.expires_in === "number" ? said.expires_in : 3600,
    };
  // Only a word of RFC 6749 §5.2 is kept: the rest of the answer is anybody's text.
  const word = typeof said.error === "string" && /^[a-z_]{1,40}$/.test(said.error) ? said.error : `${answer.status}`;
  throw new TokenFailure(word, answer.status >= 400 && answer.status < 429);
}

async function reach<T>(
  s: Services,
  host: string,
  work: (target: Awaited<ReturnType<typeof checkTarget>>) => Promise<T>,
) {
  try {
    return await work(await checkTarget(s, { host, port: 443, ports: [443] }));
  } catch (error) {
    if (error instanceof DomainError) throw new TokenFailure(error.code.toLowerCase(), false);
    throw new TokenFailure("not_reached", false);
  }
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return value && typeof value === "object" ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
