import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { asDetails, listOf } from "./queries.ts";
import type { ListDetails } from "./types.ts";

/** @throws NotFound when the list is not of the caller's organization */
export async function findList(s: Services, o: { who: Who; list: string }): Promise<ListDetails> {
  requireRight(o.who, "lists.see");
  return asDetails(await listOf(s.db, { organization: o.who.organization, list: o.list }));
}
