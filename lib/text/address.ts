import { asciiDomain } from "./domain.ts";

/** An address that may be written to. */
export type ParsedAddress = {
  /** As typed, trimmed, NFC: shown to people, never compared. */
  address: string;
  /** The address key of formats.md §8: identity within an organization. */
  key: string;
  /** A-labels, lower case. */
  domain: string;
  /** False where the local part needs a server with SMTPUTF8 (RFC 6531). */
  ascii: boolean;
};

/** Octets, RFC 5321 §4.5.3.1: a path of 256 counts its two brackets. */
const MOST = { address: 254, localPart: 64 };
/** Dot-atom of RFC 5321 §4.1.2 (no quoted form: `"evil@z x"@y` is one), letters beyond ASCII by RFC 6531. */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+\-/=?^_`{|}~]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+\-/=?^_`{|}~]+)*$/u;
/** What stays of an address key's local part when compatibility forms are unfolded: a full-width @ would be a second one. */
const COMPATIBLE = /^[\p{L}\p{M}\p{N}!#$%&'*+\-/=?^_`{|}~. ]+$/u;

const octets = (text: string) => Buffer.byteLength(text, "utf8");

/**
 * Reads one bare address as a person types it. Undefined for whatever is not one: quoted local parts, comments, groups, lists, literals,
 * control and invisible characters, over-long input. Lengths are looked at before any pattern, so that the size of the input costs nothing.
 */
export function parseAddress(typed: string): ParsedAddress | undefined {
  // 254 octets are at most 254 units; the rest is room for spaces around it.
  if (typed.length > 320) return undefined;
  const address = typed.trim().normalize("NFC");
  const at = address.lastIndexOf("@");
  if (at < 1 || octets(address) > MOST.address) return undefined;
  const localPart = address.slice(0, at);
  const domain = asciiDomain(address.slice(at + 1));
  if (domain === undefined || !isLocalPart(localPart)) return undefined;
  const key = `${localPart.toLowerCase().normalize("NFC")}@${domain}`;
  if (octets(key) > MOST.address) return undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is just whether all of it is ASCII
  return { address, key, domain, ascii: /^[\x00-\x7f]*$/.test(localPart) };
}

function isLocalPart(text: string): boolean {
  if (octets(text) > MOST.localPart || !LOCAL_PART.test(text)) return false;
  // A mark at the start would combine with whatever stands before the address.
  // What nobody sees (variation selectors, fillers) would make two addresses that look like one.
  return !/^\p{M}|\p{DI}/u.test(text) && COMPATIBLE.test(text.normalize("NFKC"));
}

/** An address as SMTP carries it: its domain in A-labels, its local part as it is (RFC 6531 §3.2: only that may need SMTPUTF8). */
export function wireAddress(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = at < 0 ? undefined : asciiDomain(address.slice(at + 1));
  return domain === undefined ? address : `${address.slice(0, at)}@${domain}`;
}

/** The address key of a typed address, or undefined if it is none. */
export function addressKey(typed: string): string | undefined {
  return parseAddress(typed)?.key;
}

/** The domain of an address that was read before, in A-labels and lower case: what may be kept of it in clear. */
export function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  // Once a message: nearly all of them are in that form already.
  return /^[a-z0-9.-]+$/.test(domain) ? domain : (asciiDomain(domain) ?? domain);
}

/** An address for eyes that need not know it: its first character, then the domain. `m•••@x.it` */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  const [first] = new Intl.Segmenter("en").segment(address.slice(0, Math.max(at, 0)));
  return `${first?.segment ?? ""}•••${at < 0 ? "" : address.slice(at)}`;
}

const GMAIL = new Set(["gmail.com", "googlemail.com"]);

/** The one spelling of all the addresses that reach a mailbox, as far as is commonly known: without `+…`, for Gmail without dots and as one domain. */
export function abuseAddress(key: string): string {
  const at = key.lastIndexOf("@");
  const [localPart, domain] = [key.slice(0, at).replace(/\+.*$/s, ""), key.slice(at + 1)];
  return GMAIL.has(domain) ? `${localPart.replaceAll(".", "")}@gmail.com` : `${localPart}@${domain}`;
}
