/** Every name that a template may print. `contact.fields.*` are the organization's own. */
export const VARIABLES = [
  ...["contact.name", "contact.first_name", "list.name", "campaign.subject"],
  ...["org.name", "org.address", "org.tax_id", "org.privacy_email", "org.website"],
  ...["links.unsubscribe", "links.unsubscribe_all", "links.privacy"],
  ...["consent.date", "consent.until", "consent.source", "consent.text"],
] as const;

/** Where this mail stands in the browser: only where the page behind it exists. */
export const BROWSER = "links.browser";

const FIELD = "contact.fields.";

/** What a template may name: fields left out means that any field will do. */
export type Known = { fields?: readonly string[]; browser?: boolean; inSubject?: boolean };

/** Whether a name is one that a message will have. */
export function isKnown(name: string, known: Known): boolean {
  if (name.startsWith(FIELD)) {
    const field = name.slice(FIELD.length);
    return field !== "" && !field.includes(".") && (known.fields?.includes(field) ?? true);
  }
  return namesOf(known).includes(name);
}

function namesOf(known: Known): string[] {
  const names = VARIABLES.filter((name) => !(known.inSubject && name === "campaign.subject"));
  return [...names, ...(known.browser ? [BROWSER] : []), ...(known.fields ?? []).map((field) => FIELD + field)];
}

/** Other words for the same, as people bring them along from other programs and from the Italian interface. */
const ALIASES: Record<string, string> = {
  nome: "contact.name",
  name: "contact.name",
  first_name: "contact.first_name",
  firstname: "contact.first_name",
  fname: "contact.first_name",
  "contact.nome": "contact.name",
  "contact.firstname": "contact.first_name",
  "links.leave": "links.unsubscribe",
  "links.cancellami": "links.unsubscribe",
  unsubscribe: "links.unsubscribe",
  unsubscribe_url: "links.unsubscribe",
  organization: "org.name",
};

/** The name that was probably meant, or undefined where none is near. */
export function didYouMean(name: string, known: Known): string | undefined {
  const names = namesOf(known);
  const alias = ALIASES[name.toLowerCase()];
  if (alias && names.includes(alias)) return alias;
  const short = name.slice(0, 80);
  const near = names
    .map((candidate) => ({ candidate, distance: distance(short, candidate) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near && near.distance <= Math.max(2, short.length / 3) ? near.candidate : undefined;
}

/** Levenshtein: how many letters to change, add or leave out. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
