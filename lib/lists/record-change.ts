import { appendOther } from "../ledger/append.ts";
import type { Services } from "../services.ts";
import type { Who } from "../users/who.ts";
import type { List } from "./queries.ts";

/** A list is a promise to people: what it promised on which day stands in the ledger. In the transaction at hand. */
export async function recordChange(
  s: Services,
  o: { who: Who; list: List; change: "created" | "changed" | "archived"; at: Date },
): Promise<void> {
  const { id, name, topics, frequency, purpose, locale, tone } = o.list;
  await appendOther(s, {
    v: 1,
    id: s.randomId(),
    organization: o.who.organization,
    kind: "list.changed",
    at: o.at.toISOString(),
    list: id,
    purpose,
    actor: { type: "staff", id: o.who.user },
    change: o.change,
    promise: { name, topics, frequency, locale, tone },
  });
}
