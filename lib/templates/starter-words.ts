import type { Locale, Tone } from "../notices/words/types.ts";

/** What the starters say before somebody writes in them: what belongs in each place. Liquid in the greeting. */
export type StarterWords = {
  names: Record<"letter" | "news" | "notice", string>;
  greeting: string;
  close: string;
  visit: string;
  letter: { subject: string; preheader: string; title: string; first: string; second: string; third: string };
  news: {
    subject: string;
    preheader: string;
    title: string;
    intro: string;
    lead: { title: string; text: string };
    left: { title: string; text: string };
    right: { title: string; text: string };
  };
  notice: {
    subject: string;
    preheader: string;
    title: string;
    text: string;
    facts: readonly (readonly [string, string])[];
    end: string;
  };
};

const TU: StarterWords = {
  names: { letter: "Lettera", news: "Novità", notice: "Avviso" },
  greeting: 'Ciao {{ contact.first_name | default: "a te" }},',
  close: "A presto,",
  visit: "Vai al sito",
  letter: {
    subject: "Una lettera da {{ org.name }}",
    preheader: "Poche righe su quello che stiamo preparando",
    title: "Ti scriviamo per dirti una cosa",
    first: "Comincia da ciò che a chi legge interessa di più: una frase, senza giri di parole.",
    second:
      "Poi racconta il resto, in due o tre frasi brevi. Se c’è una data, un prezzo o un luogo, scrivilo qui: chi legge non deve cercarlo.",
    third: "Chiudi dicendo che cosa può fare adesso chi ha letto fin qui.",
  },
  news: {
    subject: "Le novità di {{ list.name }}",
    preheader: "Tre notizie, due minuti di lettura",
    title: "Le novità",
    intro: "Ecco che cosa è successo dall’ultima volta.",
    lead: {
      title: "La notizia principale",
      text: "Qui va la notizia più importante, in due o tre frasi: che cosa cambia, da quando, per chi.",
    },
    left: {
      title: "Una seconda notizia",
      text: "Una frase per dire di che cosa si tratta, una per dire perché conta.",
    },
    right: { title: "Una terza notizia", text: "Se non c’è una terza notizia, togli questo blocco: meno è meglio." },
  },
  notice: {
    subject: "Un avviso da {{ org.name }}",
    preheader: "Che cosa cambia, quando e dove",
    title: "Un avviso in breve",
    text: "Scrivi qui in una frase che cosa cambia per chi legge.",
    facts: [
      ["Che cosa", "l’evento, l’orario, la novità"],
      ["Quando", "giorno e ora"],
      ["Dove", "indirizzo o pagina"],
    ],
    end: "Per ogni domanda scrivici: {{ org.privacy_email }}.",
  },
};

const LEI: StarterWords = {
  ...TU,
  greeting: "Buongiorno{% if contact.name %} {{ contact.name }}{% endif %},",
  close: "Cordiali saluti,",
  visit: "Vada al sito",
  letter: { ...TU.letter, title: "Le scriviamo per dirLe una cosa" },
  notice: { ...TU.notice, end: "Per ogni domanda ci scriva: {{ org.privacy_email }}." },
};

const EN: StarterWords = {
  names: { letter: "Letter", news: "News", notice: "Notice" },
  greeting: 'Hello {{ contact.first_name | default: "there" }},',
  close: "Kind regards,",
  visit: "Visit our site",
  letter: {
    subject: "A letter from {{ org.name }}",
    preheader: "A few lines on what we are preparing",
    title: "We are writing to tell you something",
    first: "Begin with what matters most to your reader: one sentence, straight to the point.",
    second:
      "Then tell the rest, in two or three short sentences. If there is a date, a price or a place, write it here: nobody should have to look for it.",
    third: "Close by saying what whoever has read this far can do now.",
  },
  news: {
    subject: "News from {{ list.name }}",
    preheader: "Three stories, two minutes to read",
    title: "The news",
    intro: "Here is what has happened since last time.",
    lead: {
      title: "The main story",
      text: "The most important story goes here, in two or three sentences: what changes, from when, for whom.",
    },
    left: { title: "A second story", text: "One sentence to say what it is about, one to say why it matters." },
    right: { title: "A third story", text: "If there is no third story, remove this block: less is better." },
  },
  notice: {
    subject: "A notice from {{ org.name }}",
    preheader: "What changes, when and where",
    title: "A short notice",
    text: "Say here in one sentence what changes for your reader.",
    facts: [
      ["What", "the event, the hours, the change"],
      ["When", "day and time"],
      ["Where", "address or page"],
    ],
    end: "For any question write to us: {{ org.privacy_email }}.",
  },
};

export const starterWords = (o: { locale: Locale; tone: Tone }): StarterWords =>
  o.locale === "en" ? EN : o.tone === "lei" ? LEI : TU;
