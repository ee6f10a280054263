import { appNow } from "../../lib/clock.ts";
import { decide } from "../../lib/consent/gate.ts";
import type { Services } from "../../lib/services.ts";
import { freshDatabase } from "./database.ts";
import { makeList, makeOrganization } from "./people.ts";
import { testServices } from "./services.ts";

export const DAY = 86_400_000;

/** What a browser says when somebody presses. */
export const request = { ip: "203.0.113.9", ipFrom: "socket" as const, userAgent: "Test/1" };

/** An organization with a list whose words and form are published. */
export async function world(t: Parameters<typeof freshDatabase>[0]) {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s);
  return { d, s, organization, ...(await makeList(s, organization)) };
}

/** Why the gate refuses her; null: it does not. */
export async function reasonNow(
  s: Services,
  o: { organization: string; list: string; contact: string; real?: boolean; at?: Date },
) {
  const at = o.at ?? (await appNow(s.db));
  const [answer] = await decide(s.db, {
    organization: o.organization,
    contacts: [o.contact],
    lists: [o.list],
    at,
    real: o.real ?? false,
  });
  return answer?.reason ?? null;
}
