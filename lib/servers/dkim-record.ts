import { createHash } from "node:crypto";

export type DkimAlgorithm = "rsa" | "ed25519";

/** Where the record of a key stands (RFC 6376 §3.6.2.1). */
export const dkimName = (o: { domain: string; selector: string }) => `${o.selector}._domainkey.${o.domain}`;

/** The value of the record. */
export const dkimValue = (o: { algorithm: DkimAlgorithm; public: string }) =>
  `v=DKIM1; k=${o.algorithm}; p=${o.public}`;

/** One string of a TXT record holds 255 octets (RFC 1035 §3.3): a panel that does not cut by itself wants the pieces. */
export function splitText(value: string): string[] {
  return value.match(/.{1,255}/gs) ?? [""];
}

/** What eyes compare: the first 64 bits of the SHA-256 of a public key, in pairs. */
export function fingerprint(publicKey: string): string {
  const hash = createHash("sha256").update(Buffer.from(publicKey, "base64")).digest("hex").slice(0, 16);
  return hash.match(/../g)?.join(":").toUpperCase() ?? "";
}

/** `tag=value; tag=value` (RFC 6376 §3.2), names in lower case. Undefined when it is no such list, or names a tag twice. */
export function tagList(text: string): Map<string, string> | undefined {
  const tags = new Map<string, string>();
  for (const part of text.split(";").filter((one, i, all) => one.trim() !== "" || i < all.length - 1)) {
    const [, name = "", value = ""] = /^\s*([A-Za-z][A-Za-z0-9_]*)\s*=([\s\S]*)$/.exec(part) ?? [];
    if (!name || tags.has(name.toLowerCase())) return undefined;
    tags.set(name.toLowerCase(), value.trim());
  }
  return tags;
}

/** What a key record says (RFC 6376 §3.6.1). `fault`: why no receiver can use it. */
export type KeyRecord = {
  algorithm: string;
  public: string;
  testing: boolean;
  fault: "syntax" | "version" | "revoked" | null;
};

/** Reads a key record as a verifier does. */
export function readKeyRecord(text: string): KeyRecord {
  const tags = tagList(text);
  const publicKey = (tags?.get("p") ?? "").replace(/\s+/g, "");
  const record = {
    algorithm: tags?.get("k")?.toLowerCase() ?? "rsa",
    public: publicKey,
    testing: (tags?.get("t") ?? "").split(":").some((flag) => flag.trim() === "y"),
  };
  const version = tags?.get("v");
  // v= is optional, but first and exactly this where it stands.
  if (version !== undefined && (version !== "DKIM1" || [...(tags?.keys() ?? [])][0] !== "v"))
    return { ...record, fault: "version" };
  if (!tags?.has("p") || !/^[A-Za-z0-9+/]*={0,2}$/.test(publicKey)) return { ...record, fault: "syntax" };
  return { ...record, fault: publicKey === "" ? "revoked" : null };
}

/** Whether what stands in the DNS is this key, and nothing beside it: of several records a verifier takes any (RFC 6376 §3.6.2.2). */
export function isSameKey(found: string[], key: { algorithm: DkimAlgorithm; public: string }): boolean {
  const [only] = found;
  if (only === undefined || found.length > 1) return false;
  const record = readKeyRecord(only);
  return record.fault === null && record.algorithm === key.algorithm && record.public === key.public;
}
