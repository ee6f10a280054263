/** Languages that the program can write in. Which of them are offered is decided by whether their messages are complete. */
export type Language = "it" | "en" | "de" | "fr" | "es";

/** Where numbers and dates follow which habits: English is British. */
export const tagOf = (language: Language): string => (language === "en" ? "en-GB" : language);
