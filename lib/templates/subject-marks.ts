import { contextOf, renderTemplates, textEngine } from "./liquid.ts";
import { samplePerson, sampleValues } from "./sample.ts";

/**
 * What mail programs put before the subject of an answer or of something passed on, in the five languages that are offered: what they write themselves
 * (Outlook: R, I, AW, WG, RE, TR, RV; Gmail and Thunderbird: Re, Fwd) and what people write by hand.
 */
const MARKS = {
  it: ["R", "I", "Rif", "Risp", "Risposta", "Inol", "Inoltro", "Inoltra", "Inoltrato"],
  en: ["Re", "Reply", "Fw", "Fwd", "Forward", "Forwarded"],
  de: ["AW", "Antw", "Antwort", "WG"],
  fr: ["RE", "Rép", "TR"],
  es: ["RE", "RV"],
} as const;

const KNOWN = new Set(Object.values(MARKS).flatMap((of) => of.map((mark) => mark.toLowerCase())));

/** Letters of other alphabets that look like ours, as far as the marks have them. */
const LOOK_ALIKE: Record<string, string> = {
  ...{ "\u0410": "A", "\u0430": "a", "\u0391": "A", "\u0415": "E", "\u0435": "e", "\u0395": "E" },
  ...{ "\u0406": "I", "\u0456": "i", "\u0399": "I", "\u04c0": "I", "\u0422": "T", "\u03a4": "T", "\u051c": "W" },
  ...{ "\u041e": "O", "\u043e": "o", "\u039f": "O" },
};

/** What reads as a colon and is none by NFKC: ratio, modifier letters, Hebrew sof pasuq, Devanagari visarga. */
const COLONS = /[\u2236\ua789\u02d0\u02f8\u05c3\u0903]/gu;
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu;
/** The mark, a counter ("RE[2]:", "Re(3):", "Re^2:", "Re 2:"), and its colon. */
const AT_START = /^\[?\s*(\p{L}{1,10})\.?\s*(?:[[(^*#]?\s*\d{1,4}\s*[\])]?)?\s*:/u;

/**
 * The mark of an answer or a forward that a subject begins with, as it would be read: full-width letters and colons, letters of other alphabets, what is
 * not seen, and emoji, brackets and spaces before it make no difference. Undefined: it begins with none.
 */
export function replyMark(subject: string): string | undefined {
  let rest = asRead(subject);
  for (;;) {
    const word = AT_START.exec(rest)?.[1];
    if (word && KNOWN.has(word.toLowerCase())) return `${word}:`;
    const before = rest;
    // One step at a time, each shorter than the one before: no pattern here goes back over what it has read.
    rest = rest.replace(/^[^\p{L}\p{N}[]+/u, "");
    if (rest === before) rest = rest.replace(/^\[[^\]]*\]?/u, "");
    if (rest === before) return undefined;
  }
}

/**
 * The same of a subject with Liquid in it: as somebody reads it of whom everything is known, or nothing, and whatever follows a condition. A text that
 * cannot be rendered is read as it stands.
 */
export function replyMarkOf(subject: string): string | undefined {
  const faces = [...facesOf(subject), ...subject.split(/\{%.*?%\}/u), subject];
  return faces.map(replyMark).find((mark) => mark !== undefined);
}

/** A text with Liquid in it, as it is for somebody of whom everything is known and for somebody of whom nothing is. */
function facesOf(subject: string): string[] {
  if (!subject.includes("{")) return [];
  try {
    const templates = textEngine.parse(subject);
    return [samplePerson({}), samplePerson({ empty: true })].map((person) =>
      renderTemplates(textEngine, templates, contextOf(textEngine, sampleValues(person))),
    );
  } catch {
    return [];
  }
}

function asRead(subject: string): string {
  const plain = subject.replace(UNSEEN, "").normalize("NFKC").replace(COLONS, ":");
  return plain.replace(/[\u0370-\u052f]/gu, (letter) => LOOK_ALIKE[letter] ?? letter);
}
