import { once } from "node:events";
import { createServer, type Socket } from "node:net";

export type LaxSink = {
  port: number;
  /** Whole messages with their envelopes, as this server took them; `params` of MAIL. */
  kept: { from: string; to: string; params: string; message: string }[];
  close(): Promise<void>;
};

/**
 * The kind of SMTP server that smuggling needs (CVE-2023-51764 and its kin): each CR, LF or CRLF ends a line, so that a lone dot between any of them ends a message and what
 * follows is read as commands.
 * @param o extensions: what EHLO offers, as SMTPUTF8
 */
export async function startLaxSink(o: { extensions?: string[] } = {}): Promise<LaxSink> {
  const kept: LaxSink["kept"] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    converse(socket, kept, o.extensions ?? []);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as { port: number }).port, kept, close };
}

function converse(socket: Socket, kept: LaxSink["kept"], extensions: string[]): void {
  let [rest, data] = ["", undefined as string[] | undefined];
  const mail = { from: "", to: "", params: "" };
  const say = (text: string) => socket.write(`${text}\r\n`);
  const take = (line: string) => {
    if (!data) return command(line);
    if (line !== ".") return void data.push(line.replace(/^\./, ""));
    kept.push({ ...mail, message: `${data.join("\r\n")}\r\n` });
    data = undefined;
    say("250 2.0.0 kept");
  };
  const command = (line: string) => {
    const [, from, params = ""] = /^MAIL FROM:<(.*?)>(.*)$/i.exec(line) ?? [];
    if (from !== undefined) Object.assign(mail, { from, params: params.trim() });
    const to = /^RCPT TO:<(.*?)>/i.exec(line)?.[1];
    if (to !== undefined) mail.to = to;
    if (/^EHLO/i.test(line)) return say([...extensions.map((one) => `250-${one}`), "250 8BITMIME"].join("\r\n"));
    if (/^DATA/i.test(line)) data = [];
    say(/^DATA/i.test(line) ? "354 go on" : /^QUIT/i.test(line) ? "221 2.0.0 bye" : "250 2.0.0 ok");
    if (/^QUIT/i.test(line)) socket.end();
  };
  socket.setEncoding("utf8").on("data", (chunk) => {
    // A CR at the end may be half of a CRLF.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
  say("220 lax.test ESMTP");
}
