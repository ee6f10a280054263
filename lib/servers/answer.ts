/** What an SMTP transaction, or an attempt to open a connection, came to: facts only, judged in lib/delivery/outcome.ts. */
export type Answer = {
  /** Reply code; undefined when the connection ended without one. */
  code?: number;
  reply: string;
  /** Which command it answers. */
  command: "connect" | "tls" | "auth" | "mail" | "rcpt" | "data" | "message";
  /** The server had asked for the message (354): without a code nobody knows whether it took it (RFC 1047). */
  begun: boolean;
  /** MAIL FROM was never written. */
  untouched: boolean;
  /** All bytes of the message have left this process: nobody reads its memory any more. */
  flushed?: boolean;
};

/** A connection that could not be opened. */
export class ConnectFailure extends Error {
  override readonly name = "ConnectFailure";
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(answer.reply);
    this.answer = answer;
  }
}
