import { auditLog } from "../../db/schema/installation.ts";
import { appNow } from "../clock.ts";
import type { Services } from "../services.ts";

/** What staff did (EV-06). `facts` holds ids, counts and code words: never an address, a secret or a free text. */
export type AuditEntry = {
  /** Null: it concerns the installation. */
  organization: string | null;
  /** Who did it; null where nobody is signed in (a failed sign-in, the command line). */
  user: string | null;
  /** A dotted word: `user.invited`, `organization.changed`. */
  action: string;
  /** Id of what it was done to. */
  object?: string;
  facts?: Record<string, string | number | boolean>;
};

/** Writes what staff did, in the verb's transaction: insert only, so that nobody takes it back (reliability: audit of staff). */
export async function audit(s: Pick<Services, "db" | "randomId">, entry: AuditEntry): Promise<void> {
  await s.db.insert(auditLog).values({
    id: s.randomId(),
    organization: entry.organization,
    user: entry.user,
    action: entry.action,
    object: entry.object ?? null,
    at: await appNow(s.db),
    facts: entry.facts ?? {},
  });
}
