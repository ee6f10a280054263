import { outbox } from "../../db/schema/servers.ts";
import { appNow } from "../clock.ts";
import { seal } from "../crypto/sealed.ts";
import type { Services } from "../services.ts";

/** A mail to staff: what lib/templates makes of it is decided when it is handed off. */
export type StaffMail =
  | {
      kind: "invitation";
      to: string;
      locale: "it" | "en";
      facts: { organization: string; inviter: string; roles: string[]; link: string; expiresAt: string; zone: string };
    }
  | { kind: "reset"; to: string; locale: "it" | "en"; facts: { name: string; link: string; minutes: number } }
  | {
      kind: "alert";
      to: string;
      locale: "it" | "en";
      facts: { organization: string; zone: string; title: string; text: string; link: string };
    };

/**
 * Puts a mail to staff into the outbox, in the transaction that causes it; sealed, because a link in it lets its bearer in.
 * @param o organization: whose server carries it; null: the installation's
 */
export async function queueStaffMail(
  s: Services,
  o: { organization: string | null; mail: StaffMail },
): Promise<string> {
  const [id, at] = [s.randomId(), await appNow(s.db)];
  const { kind, ...payload } = o.mail;
  const place = { table: "outbox", row: id, column: "payload" };
  await s.db.insert(outbox).values({
    ...{ id, organization: o.organization, kind, dueAt: at, createdAt: at },
    payload: seal(s.keys, place, Buffer.from(JSON.stringify(payload)), s.randomBytes),
  });
  return id;
}
