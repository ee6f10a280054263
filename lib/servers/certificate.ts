import { createHash, timingSafeEqual } from "node:crypto";
import { TLSSocket } from "node:tls";

/** What a server's certificate says of itself. */
export type Certificate = {
  /** Names that it is valid for. */
  names: string[];
  issuer: string;
  /** Its last instant, ISO 8601. */
  until: string;
  /** SHA-256 of the whole certificate, hex. */
  sha256: string;
};

/** Names of a certificate that are shown, at most: one of a large hosting has hundreds. */
const MOST_NAMES = 20;
/** The certificate that the other side has shown on this connection; undefined where nothing is encrypted. */
export function certificateOf(socket: unknown): Certificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { raw, subject, subjectaltname, issuer, valid_to } = socket.getPeerCertificate();
  if (!raw) return undefined;
  const alternatives = [...(subjectaltname ?? "").matchAll(/(?:DNS|IP Address):([^,\s"]+)/g)].map((match) => match[1]);
  const names = [...new Set(alternatives.length > 0 ? alternatives : [one(subject?.CN)])];
  return {
    names: names.flatMap((name) => (name ? [name.slice(0, 253)] : [])).slice(0, MOST_NAMES),
    issuer: (one(issuer?.O) ?? one(issuer?.CN) ?? "").slice(0, 200),
    until: new Date(valid_to).toISOString(),
    sha256: createHash("sha256").update(raw).digest("hex"),
  };
}

const one = (part: string | string[] | undefined) => (Array.isArray(part) ? part[0] : part);

/** Whether this connection may go on though its certificate does not hold: it is exactly the one that the owner pinned. One that holds needs no pin. */
export function isPinned(socket: unknown, pin: Buffer): boolean {
  if (!(socket instanceof TLSSocket)) return false;
  if (socket.authorized) return true;
  const shown = Buffer.from(certificateOf(socket)?.sha256 ?? "", "hex");
  return shown.length === pin.length && timingSafeEqual(shown, pin);
}

/** Whether a certificate with these names is one for this host; a star stands for one label (RFC 9525 6.3). */
export function isCovered(host: string, names: readonly string[]): boolean {
  const parent = host.slice(host.indexOf("."));
  return names.some(
    (name) => name.toLowerCase() === host || (name.startsWith("*.") && name.slice(1).toLowerCase() === parent),
  );
}
