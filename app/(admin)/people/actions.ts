"use server";
import { z } from "zod";
import { withdrawInvitation } from "../../../lib/users/withdraw-invitation.ts";
import { action } from "../../_server/action.ts";

const Withdraw = z.strictObject({ invitation: z.string().max(64) });

export const withdraw = action(Withdraw, "people.write", async ({ s, who }, { invitation }) => {
  await withdrawInvitation(s, { who, invitation });
});
