/** Picks the sample's words in the reader's language: samples are no part of the product's messages. */
export type Say = (it: string, en: string) => string;

export const sayIn =
  (locale: string): Say =>
  (it, en) =>
    locale === "it" ? it : en;
