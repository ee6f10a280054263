/** A label in the middle of a sentence: "Partita IVA" begins small, and its abbreviation stays as it is. */
export const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
