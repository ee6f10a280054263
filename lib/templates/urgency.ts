/**
 * Words of letters that press: of a deadline, of an account in danger, of money owed. Where they are true they may stay, so they are pointed at and never
 * refused. Whole words, in Italian and English; kinds of press as consumer law and filters name them (D.Lgs. 206/2005 art. 23 c.1 g; SpamAssassin's
 * URG_BIZ and the like).
 */
const PRESSING = {
  it: [
    ...[
      "urgente",
      "urgentissimo",
      "ultimo avviso",
      "ultimo sollecito",
      "ultima possibilità",
      "ultima occasione",
      "ultime ore",
    ],
    ...["agisci subito", "rispondi subito", "scade oggi", "solo per oggi", "entro 24 ore", "azione richiesta"],
    ...[
      "account sospeso",
      "account bloccato",
      "conto sospeso",
      "conto bloccato",
      "fattura scaduta",
      "pagamento in sospeso",
      "sollecito di pagamento",
    ],
  ],
  en: [
    ...["urgent", "final notice", "last notice", "last warning", "last chance", "final hours", "act now", "reply now"],
    ...["expires today", "today only", "within 24 hours", "action required", "immediate action"],
    ...[
      "account suspended",
      "account blocked",
      "account locked",
      "overdue invoice",
      "payment overdue",
      "invoice overdue",
    ],
  ],
} as const;

const WORDS = Object.values(PRESSING).flat();

/** The first pressing words in a subject or preview line, as they stand in the list. Undefined: there are none. */
export function pressingWords(text: string): string | undefined {
  const plain = ` ${text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")} `;
  return WORDS.find((words) => plain.includes(` ${words} `));
}
