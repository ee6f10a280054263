/** What screens and their client components know of a list: plain data, no code. */

/** What a list may carry mail for; the other purposes are asked beside one of these. */
export const LIST_PURPOSES = ["promo", "editorial"] as const;
export type ListPurpose = (typeof LIST_PURPOSES)[number];

export type ListDetails = {
  id: string;
  name: string;
  topics: string;
  frequency: string;
  locale: "it" | "en";
  tone: "tu" | "lei";
  purpose: ListPurpose;
  createdAt: Date;
  archivedAt: Date | null;
};

/** Longest texts of a list: each stands in a sentence of a mail. */
export const LIST_CAPS = { name: 80, topics: 200, frequency: 80 } as const;
