import { and, eq, gt, isNull, or, sql } from "drizzle-orm";
import { userTokens } from "../../db/schema/users.ts";
import { makeLink, readLink } from "../crypto/links.ts";
import { hashToken, newToken } from "../crypto/tokens.ts";
import type { Services } from "../services.ts";

/** Links for staff (formats.md §6): s set-up, until used · i invitation, 72 hours · r password, 10 minutes. Each works once. */
export type StaffPurpose = "s" | "i" | "r";
const MINUTES: Record<StaffPurpose, number | null> = { s: null, i: 72 * 60, r: 10 };

export type StaffToken = typeof userTokens.$inferSelect;
type Content = Partial<Pick<typeof userTokens.$inferInsert, "user" | "organization" | "email" | "roles" | "invitedBy">>;
/** What is needed to make a link: also the command line has it, before any process runs. */
type World = Pick<Services, "db" | "keys" | "config" | "randomBytes">;

/** Makes a link and keeps the hash of its token. It opens at APP_URL: what is behind it ends signed in there (decision 0014). */
export async function makeStaffLink(
  s: World,
  purpose: StaffPurpose,
  content: Content = {},
): Promise<{ url: string; hash: Buffer }> {
  const token = newToken(s.randomBytes);
  const [hash, minutes] = [hashToken(token), MINUTES[purpose]];
  await s.db.insert(userTokens).values({
    ...{ hash, purpose, ...content, createdAt: sql`app_now()` },
    expiresAt: minutes === null ? null : sql`app_now() + ${minutes} * interval '1 minute'`,
  });
  return { url: `${s.config.APP_URL}/${purpose}/${makeLink(s.keys, purpose, token)}`, hash };
}

/** The row behind a token that still works; undefined, without telling why, for any other. A token that is not ours costs no query. */
export async function openStaffToken(s: World, purpose: StaffPurpose, token: string): Promise<StaffToken | undefined> {
  const read = readLink(s.keys, purpose, token);
  if (!read) return undefined;
  const [row] = await s.db
    .select()
    .from(userTokens)
    .where(works(purpose, hashToken(read.payload)));
  return row;
}

/** Takes a token: of two who press at once one gets it. In the transaction of what it is for. */
export async function takeStaffToken(s: World, purpose: StaffPurpose, token: string): Promise<StaffToken | undefined> {
  const read = readLink(s.keys, purpose, token);
  if (!read) return undefined;
  const [row] = await s.db
    .update(userTokens)
    .set({ usedAt: sql`app_now()` })
    .where(works(purpose, hashToken(read.payload)))
    .returning();
  return row;
}

const works = (purpose: StaffPurpose, hash: Buffer) =>
  and(
    ...[eq(userTokens.hash, hash), eq(userTokens.purpose, purpose), isNull(userTokens.usedAt)],
    or(isNull(userTokens.expiresAt), gt(userTokens.expiresAt, sql`(select app_now())`)),
  );
