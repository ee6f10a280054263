"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { NewPassword, PersonEmail, PersonName } from "../../../../lib/users/person.ts";
import { setUpFirstUser } from "../../../../lib/users/set-up.ts";
import { openAction } from "../../../_server/action.ts";
import { keepSession } from "../../../_server/auth.ts";

const You = z.strictObject({
  token: z.string().max(200),
  name: PersonName,
  email: PersonEmail,
  password: NewPassword,
  locale: z.enum(["it", "en"]),
});

/** The first person; from here on she is signed in. */
export const setUp = openAction(You, async ({ s }, input) => {
  const { reference } = await setUpFirstUser(s, input);
  await keepSession(s, reference);
  redirect("/setup/organization");
});
