/** Parts of mailauth that its own types leave out: the parser of the DKIM verifier, third judge of our messages in tests, and alignment by public suffixes. */
declare module "mailauth/lib/tools.js" {
  export function parseHeaders(head: Buffer): { parsed: { key: string; casedKey: string }[] };
  export function getAlignment(from: string, domains: string[], strict: boolean): { domain: string } | false;
}
