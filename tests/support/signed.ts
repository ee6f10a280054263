import { and, eq, sql } from "drizzle-orm";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { dkimKeys } from "../../db/schema/dkim.ts";
import { dkimPage } from "../../lib/servers/dkim-find.ts";
import { makeDkimKeys } from "../../lib/servers/dkim-make.ts";
import type { Services } from "../../lib/services.ts";
import type { Who } from "../../lib/users/who.ts";

/** Keys that sign at once, as if both resolvers had seen their records. */
export async function signing(s: Services, o: { who: Who; server: string; ed25519?: boolean }): Promise<void> {
  await makeDkimKeys(s, { ...o, ed25519: o.ed25519 ?? true });
  const waiting = and(eq(dkimKeys.organization, o.who.organization), sql`${dkimKeys.activeAt} is null`);
  await s.db
    .update(dkimKeys)
    .set({ activeAt: sql`app_now()` as never })
    .where(waiting);
}

export type Verdict = { algorithm: string; result: string; aligned: string | false; fields: string[] };

/** What the verifier answers; its own types leave half of it out. */
type Judged = { algo: string; status: { result: string; aligned?: string | false }; signingHeaders: { keys: string } };

/** What an independent verifier says of each signature of a message, with the published records of a server as the DNS. */
export async function verdicts(s: Services, o: { who: Who; server: string }, raw: Buffer): Promise<Verdict[]> {
  const page = await dkimPage(s, o);
  const records = new Map(page.keys.map((key) => [key.name, key.value]));
  const resolver = async (name: string) => {
    const value = records.get(name);
    if (!value) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    return [[value]];
  };
  const { results } = (await dkimVerify(raw, { resolver })) as unknown as { results: Judged[] };
  return results.map((one) => ({
    algorithm: one.algo,
    result: one.status.result,
    aligned: one.status.aligned ?? false,
    fields: one.signingHeaders.keys.toLowerCase().split(/[:\s]+/),
  }));
}
