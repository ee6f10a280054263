import { formatTime } from "../../../../lib/text/dates.ts";
import type { Translate } from "../../../_server/translate.ts";

/** Words of the compose page that run in the browser. */
export function draftWords(t: Translate) {
  const of = <K extends string>(...keys: K[]) =>
    Object.fromEntries(keys.map((key) => [key, t(`campaigns.draft.${key}`)])) as Record<K, string>;
  return {
    ...of("savedAt", "waiting", "saving", "offline", "failed", "refused", "save"),
    ...of("conflict", "conflictAbout", "mine", "theirs", "keepMine", "takeTheirs", "emptyText"),
    ...of("name", "nameHelp", "subject", "subjectHelp", "preheader", "preheaderHelp", "fromName", "fromNameHelp"),
    ...of(
      "replyTo",
      "replyToHelp",
      "mjml",
      "mjmlHelp",
      "text",
      "textHelp",
      "textDerive",
      "fields",
      "fieldsHelp",
      "lists",
    ),
    ...of("preview", "previewTitle", "desktop", "phone", "dark", "darkNote", "plain", "imagesNote", "loading"),
  };
}

export type DraftWords = ReturnType<typeof draftWords>;

/** "10.41", on the organization's clocks. */
export function savedTime(at: string, reader: { language: "it" | "en"; zone: string }): string {
  return formatTime(new Date(at), reader);
}
