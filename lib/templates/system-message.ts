import { createHash } from "node:crypto";
import { addressHeader, messageIdHeader } from "./headers.ts";
import { oneLine } from "./message.ts";
import { mailDate } from "./mime/date.ts";
import { encodeText } from "./mime/encoded-word.ts";
import { HeaderRefused, header } from "./mime/header.ts";
import { quotedPrintable } from "./mime/quoted-printable.ts";
import type { SystemMailParts } from "./system-mail.ts";

/** Names that a caller's own header may not have: they route, sign, or are written here (B04, HD-04). */
const RESERVED =
  /^(bcc|cc|to|from|sender|reply-to|subject|date|message-id|mime-version|content-.*|received|return-path|dkim-.*|arc-.*|authentication-results|list-.*|auto-submitted|disposition-notification-to|return-receipt-to|resent-.*|errors-to|precedence)$/i;

export type SystemMessage = Omit<SystemMailParts, "html"> & {
  html?: string;
  to: string;
  from: { name: string; address: string };
  replyTo?: string;
  /** The same in each copy of one mail. */
  messageId: string;
  /** ISO, UTC; fixed as well. */
  date: string;
  headers?: Record<string, string>;
};

/**
 * A whole system mail, CRLF line ends: multipart/alternative, `Auto-Submitted: auto-generated` (RFC 3834), no `List-Unsubscribe`: there is nothing to leave. Pure.
 * @throws HeaderRefused
 */
export function systemMessage(o: SystemMessage): { raw: Buffer; sha256: string; envelopeUtf8: boolean } {
  const [from, to] = [addressHeader("From", o.from), addressHeader("To", { address: o.to })];
  const head = [
    from.text,
    to.text,
    o.replyTo ? addressHeader("Reply-To", { address: o.replyTo }).text : "",
    header("Subject", encodeText(oneLine(o.subject))),
    header("Date", mailDate(new Date(o.date))),
    messageIdHeader(o.messageId),
    header("Auto-Submitted", "auto-generated"),
    ...Object.entries(o.headers ?? {}).map(([name, value]) => own(name, value)),
    header("MIME-Version", "1.0"),
  ].join("");
  const raw = Buffer.from(head + content(o), "utf8");
  return {
    raw,
    sha256: createHash("sha256").update(raw).digest("hex"),
    envelopeUtf8: from.utf8 || to.utf8,
  };
}

function own(name: string, value: string): string {
  if (RESERVED.test(name)) throw new HeaderRefused(name.slice(0, 80));
  return header(name, encodeText(value));
}

function content(o: SystemMessage): string {
  const text = part("plain", o.text);
  if (o.html === undefined) return text;
  const boundary = `=_${createHash("sha256")
    .update(JSON.stringify([o.messageId, o.html]))
    .digest("hex")
    .slice(0, 32)}`;
  const parts = [text, part("html", o.html)].map((one) => `--${boundary}\r\n${one}`).join("");
  return `Content-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n${parts}--${boundary}--\r\n`;
}

function part(type: "plain" | "html", text: string): string {
  const lines = text.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\0", "\u{fffd}");
  const { out } = quotedPrintable(lines.endsWith("\n") ? lines : `${lines}\n`);
  return `Content-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${out}`;
}
