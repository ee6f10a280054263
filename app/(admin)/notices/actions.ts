"use server";
import { z } from "zod";
import { publishFullNotice } from "../../../lib/notices/publish-full-notice.ts";
import { WordsIncomplete } from "../../../lib/notices/publish-words.ts";
import { action } from "../../_server/action.ts";
import { missingState } from "../../_server/missing-words.ts";

const Full = z.strictObject({ locale: z.enum(["it", "en"]), tone: z.enum(["tu", "lei"]), body: z.string() });

export const publish = action(Full, "notices.publish", async ({ s, who, t }, input) => {
  try {
    const { version } = await publishFullNotice(s, { who, ...input });
    return t("notices.publishedNow", { n: version });
  } catch (error) {
    if (error instanceof WordsIncomplete) return missingState(error, t, input);
    throw error;
  }
});
