import { z } from "zod";
import { addressKey } from "../text/address.ts";
import { headerText } from "../text/header.ts";
import { longEnough, PASSWORD } from "./password.ts";
import { ROLES } from "./roles.ts";

/** A person's name as she writes it: one line. */
export const PersonName = z
  .string()
  .trim()
  .min(1, "REQUIRED")
  .max(100, "TOO_LONG")
  .refine((text) => headerText(text) !== undefined, "CONTROL_CHARACTERS");

/** A member's address; becomes the address key that she signs in with. */
export const PersonEmail = z.string().transform((text, context) => {
  const key = addressKey(text);
  if (key === undefined) context.addIssue("ADDRESS");
  return key ?? "";
});

/** A new password. Its length is said with the other fields at once; how good it must be is asked by the verb. The cap only keeps megabytes out. */
export const NewPassword = z
  .string()
  .min(1, "REQUIRED")
  .max(1000, "TOO_LONG")
  .check(({ value, issues }) => {
    if (longEnough(value)) return;
    issues.push({ code: "too_small", origin: "string", minimum: PASSWORD.least, inclusive: true, input: value });
  });

export const Roles = z.array(z.enum(ROLES)).min(1, "ROLES").max(ROLES.length, "ROLES");

export const Profile = z.strictObject({
  name: PersonName,
  locale: z.enum(["it", "en"]),
  theme: z.enum(["auto", "light", "dark"]),
  density: z.enum(["comfortable", "compact"]),
});
export type Profile = z.infer<typeof Profile>;
