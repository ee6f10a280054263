/** Keys below `ui` of the messages: the words of the components that run in the browser. */
export const WORDS = [
  ...(["copy", "copied", "show", "hide", "cancel", "pending", "faults", "optional", "calendar"] as const),
  ...(["failed", "failedAbout", "again", "reference"] as const),
] as const;

/** Given by the root layout in the reader's language. */
export type Words = Record<(typeof WORDS)[number], string>;
