import { asciiDomain } from "../../text/domain.ts";
import { cutText, withoutBidi } from "../../text/header.ts";
import { encodeWords } from "./encoded-word.ts";
import { HeaderRefused } from "./header.ts";

/** A person's or a sender's name and address. */
export type Mailbox = { name?: string | null; address: string };

/** The name in a header is for recognising; longer ones are cut for the eye. Characters as people count them (B17). */
const NAME_MOST = 80;
const UNITS_MOST = 400;

/**
 * `Name <local@a-label>` as a header's value: the domain in A-labels (a server without SMTPUTF8 takes those), the name quoted or encoded, without
 * direction marks. `utf8` is true where the local part is beyond ASCII: such an address may go only to a server with SMTPUTF8 and is never
 * rewritten (B12).
 * @throws HeaderRefused for what is no bare address (B03)
 */
export function mailbox(field: string, o: Mailbox): { value: string; utf8: boolean } {
  const at = o.address.lastIndexOf("@");
  const [local, domain] = [o.address.slice(0, at), asciiDomain(o.address.slice(at + 1))];
  if (at < 1 || !domain || !/^[^\s\p{Cc}\p{Z}"(),:;<>@[\\\]]+$/u.test(local)) throw new HeaderRefused(field);
  const name = displayName(o.name ?? "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is just whether all of it is ASCII
  const utf8 = !/^[\x00-\x7f]*$/.test(local);
  return { value: name ? `${phrase(name)} <${local}@${domain}>` : `${local}@${domain}`, utf8 };
}

/** A name as a header may carry it: on one line, without marks that turn the reading direction (B02, B17). */
export function displayName(name: string): string {
  const oneLine = withoutBidi(name.toWellFormed())
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, " ")
    .trim();
  return oneLine.length > NAME_MOST ? shortened(oneLine) : oneLine;
}

/** Whole characters up to the limit. One character may be megabytes of combining marks: what is looked at, and what is kept, has an end too. */
function shortened(name: string): string {
  let kept = "";
  for (const { segment } of new Intl.Segmenter("en").segment(cutText(name.slice(0, 2 * UNITS_MOST), NAME_MOST))) {
    if (kept.length + segment.length > UNITS_MOST) break;
    kept += segment;
  }
  return (kept || name.slice(0, NAME_MOST)).toWellFormed();
}

/** A display name as a phrase of RFC 5322: atoms, a quoted string, or encoded words. */
export function phrase(name: string): string {
  if (/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(name) && short(name)) return name;
  if (/^[\x20-\x7e]*$/.test(name) && short(name)) return `"${name.replace(/["\\]/g, "\\$&")}"`;
  return encodeWords(name);
}

const short = (name: string) => !name.includes("=?") && !/[^ ]{60}/.test(name);
