/** `network`: the connection stands; the text is the address of our end. */
export type Line = { who: "client" | "server" | "network"; text: string };

type Entry = { tnx?: string; localAddress?: string } | undefined;

/** Reads the library's transaction log: the only place where the phase of a failure shows. */
export class Watch {
  begun = false;
  mailWritten = false;
  utf8 = false;
  /** Commands that wait for their reply, in order. */
  private waiting: string[] = [];
  private onBegin: () => void = () => undefined;
  private readonly onLine: ((line: Line) => void) | undefined;

  constructor(onLine?: (line: Line) => void) {
    this.onLine = onLine;
  }

  reset(onBegin: () => void): void {
    this.onBegin = onBegin;
    this.begun = false;
    this.mailWritten = false;
    this.waiting = [];
  }

  logger(): Record<string, (entry: Entry, text?: string) => void> {
    const ignore = () => undefined;
    const debug = (entry: Entry, text = "") => {
      if (entry?.tnx === "client") this.client(text);
      else if (entry?.tnx === "server") this.server(text);
    };
    const info = (entry: Entry, text = "") => {
      if (entry?.tnx === "network" && /established/.test(text))
        this.onLine?.({ who: "network", text: entry.localAddress ?? "" });
    };
    return { trace: ignore, debug, info, warn: ignore, error: ignore, fatal: ignore };
  }

  private client(text: string): void {
    const verb = text.slice(0, 4).toUpperCase();
    this.waiting.push(verb);
    if (verb === "MAIL") this.mailWritten = true;
    this.onLine?.({ who: "client", text });
  }

  private server(text: string): void {
    const verb = this.waiting.shift();
    // Some servers answer DATA with 250; the library takes that for 354 and writes the message.
    if (text.startsWith("354") || (verb === "DATA" && /^[23]/.test(text))) {
      this.begun = true;
      this.onBegin();
    }
    if (verb === "EHLO" && /^250[ -]SMTPUTF8\b/im.test(text)) this.utf8 = true;
    this.onLine?.({ who: "server", text });
  }
}
