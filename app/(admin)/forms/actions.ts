"use server";
import { z } from "zod";
import { FormName } from "../../../lib/forms/form-name.ts";
import { publishForm } from "../../../lib/forms/publish-form.ts";
import { withdrawForm } from "../../../lib/forms/withdraw-form.ts";
import { action } from "../../_server/action.ts";

const One = z.strictObject({ form: z.uuid() });

export const withdraw = action(One, "lists.write", async ({ s, who, t }, { form }) => {
  await withdrawForm(s, { who, form });
  return t("forms.withdrawnNow");
});

const Version = z.strictObject({
  form: z.uuid(),
  list: z.uuid(),
  locale: z.enum(["it", "en"]),
  tone: z.enum(["tu", "lei"]),
  name: FormName,
});

/** Renames a form, and publishes its next version where newer words are in force. */
export const renew = action(Version, "lists.write", async ({ s, who, t }, input) => {
  const { version } = await publishForm(s, { who, ...input });
  return t("forms.published", { n: version });
});
