"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { acceptInvitation } from "../../../../lib/users/accept-invitation.ts";
import { NewPassword, PersonName } from "../../../../lib/users/person.ts";
import { openAction } from "../../../_server/action.ts";
import { keepSession } from "../../../_server/auth.ts";

/** Who has an account here is not asked for her name again. */
const Accept = z.strictObject({ token: z.string().max(200), name: PersonName.optional(), password: NewPassword });

export const accept = openAction(Accept, async ({ s, locale, origin }, { name = "", ...input }) => {
  const network = origin.network ? { network: origin.network } : {};
  await keepSession(s, await acceptInvitation(s, { ...input, name, locale, ...network }));
  redirect("/");
});
