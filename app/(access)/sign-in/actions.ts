"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { signIn } from "../../../lib/users/sign-in.ts";
import { openAction } from "../../_server/action.ts";
import { keepSession } from "../../_server/auth.ts";

const Credentials = z.strictObject({
  email: z.string().min(1, "REQUIRED").max(400, "TOO_LONG"),
  password: z.string().min(1, "REQUIRED").max(1000, "TOO_LONG"),
});

export const enter = openAction(Credentials, async ({ s, origin }, { email, password }) => {
  await keepSession(s, await signIn(s, { email, password, ...(origin.network ? { network: origin.network } : {}) }));
  redirect("/");
});
