import { sessions } from "../../db/schema/users.ts";
import { appNow } from "../clock.ts";
import { hashToken, newToken } from "../crypto/tokens.ts";
import type { Services } from "../services.ts";

/**
 * Begins a session. Every sign-in begins a new one, so that what a browser brought along from before is worth nothing (B78).
 * @returns the reference that the browser holds, 128 random bits as base64url; the table keeps its SHA-256 alone
 */
export async function startSession(s: Services, o: { user: string; organization: string | null }): Promise<string> {
  const token = newToken(s.randomBytes);
  const at = await appNow(s.db);
  await s.db.insert(sessions).values({
    id: s.randomId(),
    hash: hashToken(token),
    user: o.user,
    organization: o.organization,
    createdAt: at,
    seenAt: at,
  });
  return token.toString("base64url");
}
