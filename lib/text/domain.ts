import { domainToASCII, domainToUnicode } from "node:url";

/** Octets of a domain name as text, RFC 1035 §2.3.4 less the root. */
const MOST = 253;
/** RFC 5891 §2.3.1: letters, digits, hyphens, at neither end; 63 at most. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A domain in A-labels, lower case (UTS #46, non-transitional: `faß.de` is not `fass.de`). Undefined for what is no name of a mail domain: an address
 * literal or an IP address, one label only, a trailing dot, an underscore, `%`, invisible characters.
 */
export function asciiDomain(typed: string): string | undefined {
  if (typed.length > MOST) return undefined;
  // `domainToASCII` is the host parser of URLs: it would read %41 as A, drop tabs and line ends, and stop at / ? # \. So only what a name may hold gets there.
  // The two joiners pass: UTS #46 knows where a script needs them. Any other invisible character would make a second spelling.
  if (!/^(?:[A-Za-z0-9.-]|\u200c|\u200d|[^\p{ASCII}\p{C}\p{Z}\p{DI}])+$/u.test(typed)) return undefined;
  const domain = domainToASCII(typed);
  if (domain.length === 0 || domain.length > MOST) return undefined;
  const labels = domain.split(".");
  const last = labels.at(-1) ?? "";
  if (labels.length < 2 || /^\d+$/.test(last)) return undefined;
  // The hyphen rule also refuses `xn--abc-`, a second spelling of `abc` that the parser lets pass.
  return labels.every((label) => LABEL.test(label) && isALabel(label)) ? domain : undefined;
}

/** Whether a label that says it is encoded is so, and in the one spelling (RFC 5891 §4.2.1). Node 24's parser lets `xn--a` pass, Node 20's does not. */
function isALabel(label: string): boolean {
  if (!label.startsWith("xn--")) return true;
  const unicode = domainToUnicode(label);
  return unicode !== label && domainToASCII(unicode) === label;
}
