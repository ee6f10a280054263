"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { disablePerson } from "../../../../lib/users/disable.ts";
import { enablePerson } from "../../../../lib/users/enable.ts";
import { Roles } from "../../../../lib/users/person.ts";
import { setRoles } from "../../../../lib/users/set-roles.ts";
import { action } from "../../../_server/action.ts";

const Whom = z.strictObject({ user: z.uuid() });
const Change = Whom.extend({ roles: Roles.default([]).refine((roles) => roles.length > 0, "ROLES") });

export const change = action(Change, "people.write", async ({ s, who, t }, { user, roles }) => {
  await setRoles(s, { who, user, roles });
  // Her own sessions ended with it: she signs in again.
  if (user === who.user) redirect("/sign-in");
  return t("people.saved");
});

export const disable = action(Whom, "people.write", async ({ s, who }, { user }) => {
  await disablePerson(s, { who, user });
});

export const enable = action(Whom, "people.write", async ({ s, who, t }, { user }) => {
  await enablePerson(s, { who, user });
  return t("people.enabled");
});

/** Takes a person out of the organization: no role, no access to it. */
export const remove = action(Whom, "people.write", async ({ s, who }, { user }) => {
  await setRoles(s, { who, user, roles: [] });
  redirect("/people");
});
