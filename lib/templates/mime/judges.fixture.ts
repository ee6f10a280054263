import { parseHeaders } from "mailauth/lib/tools.js";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";

/** What a parser made of a message. */
export type Judged = { subject: string; from: string; fromName: string; to: string[]; html: string; text: string };

const lf = (text: string) => text.replaceAll("\r\n", "\n");

/** The message as two independent parsers read it. */
export async function judge(raw: Buffer): Promise<{ mailparser: Judged; postal: Judged }> {
  const [a, b] = [await simpleParser(raw, { skipTextToHtml: true }), await PostalMime.parse(raw)];
  const to = a.to ? [a.to].flat().flatMap((one) => one.value) : [];
  return {
    mailparser: {
      subject: a.subject ?? "",
      from: a.from?.value[0]?.address ?? "",
      fromName: a.from?.value[0]?.name ?? "",
      to: to.map((one) => one.address ?? ""),
      html: lf(a.html || ""),
      text: lf(a.text ?? ""),
    },
    postal: {
      subject: b.subject ?? "",
      from: b.from?.address ?? "",
      fromName: b.from?.name ?? "",
      to: (b.to ?? []).map((one) => one.address ?? ""),
      html: lf(b.html ?? ""),
      text: lf(b.text ?? ""),
    },
  };
}

/** Names of the header fields in their order, as a third parser (that of a DKIM verifier) finds them. */
export function headerNames(raw: Buffer): string[] {
  const head = raw.subarray(0, raw.indexOf("\r\n\r\n") + 2);
  const { parsed } = parseHeaders(head) as { parsed: { key: string }[] };
  return parsed.map(({ key }) => key);
}

/** A header's value, unfolded. */
export function headerValue(raw: Buffer, name: string): string | undefined {
  const head = raw.toString("utf8").split("\r\n\r\n")[0] ?? "";
  const line = head
    .replace(/\r\n(?=[ \t])/g, "")
    .split("\r\n")
    .find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim();
}
