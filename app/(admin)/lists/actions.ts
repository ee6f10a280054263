"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { FormName } from "../../../lib/forms/form-name.ts";
import { publishForm } from "../../../lib/forms/publish-form.ts";
import { archiveList } from "../../../lib/lists/archive.ts";
import { createList } from "../../../lib/lists/create.ts";
import { ListInput } from "../../../lib/lists/list-input.ts";
import { updateList } from "../../../lib/lists/update.ts";
import { draftWords } from "../../../lib/notices/draft-words.ts";
import { publishWords, WordsIncomplete } from "../../../lib/notices/publish-words.ts";
import { action } from "../../_server/action.ts";
import { missingState } from "../../_server/missing-words.ts";

/** What a form can say of a list: double opt-in is no choice. */

export const create = action(ListInput, "lists.write", async ({ s, who }, input) => {
  const { id } = await createList(s, { who, ...input });
  redirect(`/lists/${id}/words`);
});

export const update = action(ListInput.extend({ list: z.uuid() }), "lists.write", async ({ s, who, t }, input) => {
  await updateList(s, { who, ...input });
  return t("lists.saved");
});

export const archive = action(z.strictObject({ list: z.uuid() }), "lists.write", async ({ s, who }, { list }) => {
  await archiveList(s, { who, list });
  redirect("/lists");
});

const Words = z.strictObject({
  list: z.uuid(),
  locale: z.enum(["it", "en"]),
  tone: z.enum(["tu", "lei"]),
  consentBox: z.string(),
  shortNotice: z.string(),
  do: z.enum(["draft", "publish"]),
});

/** One form with two buttons: keep what was written, or publish it. */
export const saveWords = action(Words, "notices.write", async ({ s, who, t }, input) => {
  const { consentBox, shortNotice, do: what, ...where } = input;
  const words = { consentBox, shortNotice };
  if (what === "draft") {
    await draftWords(s, { who, ...where, words });
    return t("lists.words.drafted");
  }
  try {
    const [box, notice] = await publishWords(s, { who, ...where, words });
    return t("lists.words.published", { box: box?.version ?? 1, notice: notice?.version ?? 1 });
  } catch (error) {
    if (error instanceof WordsIncomplete) return missingState(error, t, { ...where, ...words });
    throw error;
  }
});

const Publish = z.strictObject({
  list: z.uuid(),
  form: z.uuid().optional(),
  name: FormName.optional(),
  /** Whose words: "it_tu". */
  language: z.enum(["it_tu", "it_lei", "en_tu", "en_lei"]),
});

export const publish = action(Publish, "lists.write", async ({ s, who, t }, { list, form, name, language }) => {
  const [locale, tone] = language.split("_") as ["it" | "en", "tu" | "lei"];
  const named = { ...(form ? { form } : {}), ...(name === undefined ? {} : { name }) };
  const { version } = await publishForm(s, { who, list, locale, tone, ...named });
  return t("forms.published", { n: version });
});
