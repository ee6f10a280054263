/** The DKIM verifier's header parser, third judge of our messages in tests. */
declare module "mailauth/lib/tools.js" {
  export function parseHeaders(head: Buffer): { parsed: { key: string; casedKey: string }[] };
}
