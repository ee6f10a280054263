"use server";
import { updateOrganization } from "../../../lib/organizations/update.ts";
import { action } from "../../_server/action.ts";
import { IdentityForm } from "../../_server/identity-form.ts";

export const save = action(IdentityForm, "organization.write", async ({ s, who, t }, identity) => {
  const changed = await updateOrganization(s, { who, identity });
  return t(changed.length > 0 ? "organization.saved" : "organization.unchanged");
});
