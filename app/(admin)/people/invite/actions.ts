"use server";
import { z } from "zod";
import { invite } from "../../../../lib/users/invite.ts";
import { PersonEmail, Roles } from "../../../../lib/users/person.ts";
import { action } from "../../../_server/action.ts";
import { ring } from "../../../_server/ring.ts";

const Invitation = z.strictObject({
  email: PersonEmail,
  roles: Roles.default([]).refine((roles) => roles.length > 0, "ROLES"),
  by: z.enum(["mail", "link"]),
});

/** Invites; a link to be copied comes back beside what was typed. */
export const send = action(Invitation, "people.write", async ({ s, who, t }, input) => {
  const { link } = await invite(s, { who, ...input });
  ring("outbox", who.organization);
  const ok = t(link ? "people.invite.made" : "people.invite.sent", { email: input.email });
  return link ? { ok, values: { invitationLink: link } } : { ok };
});
