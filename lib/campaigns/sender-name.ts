/** Words that tell no sender from another. */
const COMMON = new Set(
  "srl srls spa snc sas sapa societa società cooperativa associazione onlus ditta studio gruppo italia newsletter news info team redazione the and del della dei degli delle con per".split(
    " ",
  ),
);

/**
 * Whether the name of a sender has anything in common with what people know from their consent: the controller's name, its site, the lists they are on.
 * A name that has nothing of them may be honest (a person's), and is pointed at, never refused (MC-01: Codice privacy art. 130 c.5).
 */
export function knownSender(name: string, known: string[]): boolean {
  const around = known.map(flat).join(" ");
  const words = name.split(/[^\p{L}\p{N}]+/u).map(flat);
  const telling = words.filter((word) => word.length > 2 && !COMMON.has(word));
  return telling.length === 0 ? around.includes(flat(name)) : telling.some((word) => around.includes(word));
}

/** "Società Àncora s.r.l." is "societaancorasrl": a site's name has neither accents nor spaces. */
const flat = (text: string) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
