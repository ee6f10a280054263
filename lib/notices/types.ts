/** What screens know of words: plain data, no code. */

/** Kinds of text that a list has of its own; the full notice is the organization's. */
export const LIST_WORDS = ["consent_box", "short_notice", "confirmation_mail", "confirm_page"] as const;
export type NoticeKind = (typeof LIST_WORDS)[number] | "full_notice";

/** What people write themselves; the rest of a list's words follows from these and from what the list promises. */
export type EditableWords = { consentBox: string; shortNotice: string };

/** One version of a text, as it stands. `sha256` in hex. */
export type NoticeVersion = {
  id: string;
  kind: NoticeKind;
  list: string | null;
  purpose: string | null;
  locale: "it" | "en";
  tone: "tu" | "lei";
  version: number;
  body: string;
  sha256: string;
  publishedAt: Date | null;
  publishedBy: string | null;
};
