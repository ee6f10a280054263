import { createHash } from "node:crypto";

/** Who signs: the names that the signature carries. */
export type SignsAs = { algorithm: "rsa" | "ed25519"; domain: string; selector: string };

/** A message that only waits for its signatures: one digest for each of `as`, in that order. */
export type Unsigned = {
  /** What is to be signed: with RSA as the SHA-256 of RFC 6376 §3.7, with Ed25519 as the message itself (RFC 8463 §3). */
  digests: Buffer[];
  /** The whole message in two pieces: its DKIM-Signature fields, before all others, and the message as it came where it was well-ended. */
  signed(signatures: Buffer[]): [Buffer, Buffer];
};

/**
 * Fields that are signed, and once more than they stand there: nobody can add a second From, Subject or List-Unsubscribe on the way that a reader would take for ours
 * (RFC 6376 §8.15). RFC 8058 §4 asks for both List-Unsubscribe fields, Feedback-ID for its own (HD-05).
 */
const SEALED = [
  ...["From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type"],
  ...["List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Feedback-ID"],
];
/** Fields that are signed where they stand. */
const SIGNED = ["List-Help", "List-Owner", "List-Post", "Content-Language", "Auto-Submitted"];

const LINE = 76;

/**
 * Canonicalizes and hashes a message for its signatures, relaxed/relaxed (RFC 6376 §3.4.2, §3.4.4). Pure: with the same keys and time it gives the same bytes,
 * because RSA's PKCS #1 v1.5 and Ed25519 know no chance. A message of 21 KB costs a fifteenth of what the two libraries need (`stack.md` of the papers, §9).
 * @param at `t=`: the message's own date, so that a copy that is rebuilt has the same signature
 */
export function prepareSignatures(raw: Buffer, o: { as: SignsAs[]; at: Date }): Unsigned {
  const given = raw.toString("latin1");
  const text = lineEnds(given);
  const end = text.indexOf("\r\n\r\n");
  const [head, body] = end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 4)];
  const fields = fieldsOf(head);
  const relaxed = relaxedBody(body);
  // Nothing was changed: the bytes as they are, which need not be made of text again.
  const bytes = end >= 0 && relaxed === body && text === given ? raw.subarray(end + 4) : Buffer.from(relaxed, "latin1");
  const bodyHash = createHash("sha256").update(bytes).digest("base64");
  const names = signedNames(fields);
  const covered = names.map((name, i) => canonical(fields, name, names, i)).join("");
  const unsigned = o.as.map((as) => signatureField(as, { names, bodyHash, at: o.at }));
  return {
    digests: unsigned.map((field) =>
      createHash("sha256").update(covered, "latin1").update(relaxedField(field), "latin1").digest(),
    ),
    signed: (signatures) => {
      const before = unsigned.map((field, i) => `${field}${foldBase64(signatures[i] ?? Buffer.alloc(0))}\r\n`);
      return [Buffer.from(before.join(""), "latin1"), text === given ? raw : Buffer.from(text, "latin1")];
    },
  };
}

/** Whoever carries the message makes each bare CR or LF a line end (RFC 5321 §2.3.8): signed is what arrives. */
function lineEnds(text: string): string {
  return isWellEnded(text) ? text : text.replace(/\r\n|\r|\n/g, "\r\n");
}

function isWellEnded(text: string): boolean {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    if (text.charCodeAt(at - 1) !== 13) return false;
    lines++;
  }
  let returns = 0;
  for (let at = text.indexOf("\r"); at >= 0; at = text.indexOf("\r", at + 1)) returns++;
  return returns === lines;
}

/** Fields by name in lower case, the last one first: the order in which a verifier takes them (§5.4.2). */
function fieldsOf(head: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const field of head.split(/\r\n(?![ \t])/)) {
    const name = field.slice(0, field.indexOf(":")).trimEnd().toLowerCase();
    const known = fields.get(name);
    if (known) known.unshift(field);
    else fields.set(name, [field]);
  }
  return fields;
}

function signedNames(fields: Map<string, string[]>): string[] {
  const count = (name: string) => fields.get(name.toLowerCase())?.length ?? 0;
  return [
    ...SEALED.flatMap((name) => Array<string>(count(name) + 1).fill(name)),
    ...SIGNED.flatMap((name) => Array<string>(count(name)).fill(name)),
  ];
}

/** The field that the i-th name means: of several the last one first, then nothing. */
function canonical(fields: Map<string, string[]>, name: string, names: string[], i: number): string {
  const field = fields.get(name.toLowerCase())?.[i - names.indexOf(name)];
  return field === undefined ? "" : `${relaxedField(field)}\r\n`;
}

/** §3.4.2: name in lower case, unfolded, runs of white space one space, none at the colon and at the end. */
export function relaxedField(field: string): string {
  const colon = field.indexOf(":");
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, "")
    .replace(/[ \t]+/g, " ");
  return `${field.slice(0, colon).trimEnd().toLowerCase()}:${value.replace(/^ | $/g, "")}`;
}

/** §3.4.4: runs of white space one space, none at line ends, no empty lines at the end; a line end at the end of what is left. */
export function relaxedBody(body: string): string {
  let text = body;
  // A look costs little; our own parts are mostly without.
  if (text.includes("  ") || text.includes("\t")) text = text.replace(/[ \t]+/g, " ");
  if (text.includes(" \r\n") || text.endsWith(" ")) text = text.replace(/ (?=\r\n|$)/g, "");
  let end = text.length;
  while (end >= 2 && text.charCodeAt(end - 1) === 10 && text.charCodeAt(end - 2) === 13) end -= 2;
  return end === 0 ? "" : `${text.slice(0, end)}\r\n`;
}

/** The field with an empty `b=`, which is what it is signed as (§3.5, §3.7). */
function signatureField(as: SignsAs, o: { names: string[]; bodyHash: string; at: Date }): string {
  const time = Math.floor(o.at.getTime() / 1000);
  return [
    `DKIM-Signature: v=1; a=${as.algorithm}-sha256; c=relaxed/relaxed;`,
    `d=${as.domain};`,
    `s=${as.selector}; t=${time};`,
    ...foldNames(o.names),
    `bh=${o.bodyHash};`,
    "b=",
  ].join("\r\n ");
}

/** `h=…;` in lines that fit; white space may stand at the colons (§3.5, h=). */
function foldNames(names: string[]): string[] {
  const lines = ["h="];
  for (const [i, name] of names.entries()) {
    const word = name + (i < names.length - 1 ? ":" : ";");
    const line = lines.at(-1) ?? "";
    if (line.length + word.length < LINE) lines[lines.length - 1] = line + word;
    else lines.push(word);
  }
  return lines;
}

const foldBase64 = (signature: Buffer) =>
  signature
    .toString("base64")
    .match(/.{1,72}/g)
    ?.join("\r\n ") ?? "";
