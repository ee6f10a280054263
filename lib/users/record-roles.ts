import { appNow } from "../clock.ts";
import { appendOther } from "../ledger/append.ts";
import type { Services } from "../services.ts";
import type { Role } from "./roles.ts";

/** Writes into the organization's ledger which roles a person has from now on: an auditor asks who could do what on a day. */
export async function recordRoles(
  s: Services,
  o: { organization: string; user: string; roles: readonly (Role | "operator")[]; by: string },
): Promise<void> {
  await appendOther(s, {
    ...{ v: 1, id: s.randomId(), organization: o.organization, kind: "role.changed" },
    ...{ at: (await appNow(s.db)).toISOString(), actor: { type: "staff", id: o.by } },
    ...{ user: o.user, roles: [...o.roles] },
  });
}
