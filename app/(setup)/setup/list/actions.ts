"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { publishFirstList } from "../../../../lib/forms/publish-first-list.ts";
import { ListInput } from "../../../../lib/lists/list-input.ts";
import { action } from "../../../_server/action.ts";

const { name, topics, frequency, locale } = ListInput.shape;
const FirstList = z.strictObject({ name, topics, frequency, locale });

/** List, words and form, at one press. */
export const publish = action(FirstList, "lists.write", async ({ s, who, organization }, input) => {
  await publishFirstList(s, { who, ...input, tone: organization.tone });
  redirect("/try");
});
