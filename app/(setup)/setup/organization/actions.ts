"use server";
import { redirect } from "next/navigation";
import { DomainError } from "../../../../lib/errors.ts";
import { createOrganization } from "../../../../lib/organizations/create.ts";
import { switchOrganization } from "../../../../lib/users/switch-organization.ts";
import { openAction } from "../../../_server/action.ts";
import { IdentityForm } from "../../../_server/identity-form.ts";
import { currentSession } from "../../../_server/session.ts";

/** Makes the organization and goes on in it. */
export const create = openAction(IdentityForm, async ({ s }, identity) => {
  const session = await currentSession();
  if (!session) throw new DomainError("SIGNED_OUT");
  const { who, id } = session;
  const made = await createOrganization(s, { who, identity });
  await switchOrganization(s, { who, session: id, organization: made.id });
  redirect("/setup/list");
});
