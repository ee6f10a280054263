"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { NewPassword } from "../../../../lib/users/person.ts";
import { resetPassword } from "../../../../lib/users/reset-password.ts";
import { openAction } from "../../../_server/action.ts";
import { keepSession } from "../../../_server/auth.ts";

const Reset = z.strictObject({ token: z.string().max(200), password: NewPassword });

export const reset = openAction(Reset, async ({ s }, input) => {
  await keepSession(s, await resetPassword(s, input));
  redirect("/");
});
