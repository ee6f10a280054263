/** Text (line ends: LF) in base64, its line ends CRLF as in RFC 2045 §6.8, in lines of 76. */
export function base64Lines(text: string): string {
  const encoded = Buffer.from(text.replaceAll("\n", "\r\n"), "utf8").toString("base64");
  return `${encoded.match(/.{1,76}/g)?.join("\r\n") ?? ""}\r\n`;
}
