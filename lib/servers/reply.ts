/** What is kept of a reply in clear: 300 characters, and no address in it (addresses stand in `contacts` alone, design: §6). */
export function replyText(reply: string, address?: string): string {
  const local = address?.slice(0, address.lastIndexOf("@"));
  let text = reply.replace(/[\p{Cc}\p{Cf}]+/gu, " ").replace(/[^\s<>()[\]"',;:]+@[^\s<>()[\]"',;:]+/g, "…@…");
  if (local && local.length > 2) text = text.replaceAll(local, "…");
  return text.slice(0, 300).trim();
}
