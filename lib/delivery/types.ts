import type { Services } from "../services.ts";

/**
 * What is merged into one message: everything but the frozen texts. Kept sealed under the person's key (`delivery_values`), so that her exact copy
 * can be rebuilt, with the same SHA-256, until she is gone.
 */
export type MessageValues = {
  campaign: string;
  position: number;
  to: string;
  name: string | null;
  locale: "it" | "en";
  fields: Record<string, string>;
  list: string;
  listName: string;
  /** When she confirmed (ISO, UTC). */
  since: string;
  /** Until when that holds. */
  until?: string;
  /** The site on which she signed up. */
  source?: string;
  /** `Date:` of the message (ISO, UTC) and its Message-ID: the same for each try. */
  date: string;
  messageId: string;
  from: { name: string; address: string };
  links: { leave: string; leaveAll: string };
  /** Ids of the DKIM keys that signed it, in their order: its exact copy needs them. */
  dkim?: string[];
};

/** How a campaign's frozen texts and one person's values become a message. Comes in as an argument: `lib/templates` in the program, a few lines in tests. */
export type Mailer = {
  /** Once a campaign and process. @throws when the frozen texts cannot be used: the campaign pauses */
  prepare(s: Services, o: { campaign: string }): Promise<unknown>;
  /**
   * The whole message, CRLF line ends. Pure: same input, same bytes. @throws for this person alone: her row is rejected, others go on
   * @param room memory to write it into; left out: new memory
   * @returns ended: where it needs no look before it is written to a server (`readyForWire`), with the end of DATA after it
   */
  render(prepared: unknown, values: MessageValues, room?: (size: number) => Buffer): { raw: Buffer; ended?: Buffer };
};

/** A row that this process holds, with what its message is made of. */
export type Claimed = {
  campaign: string;
  organization: string;
  position: number;
  contact: string;
  list: string;
  tries: number;
  /** MAIL FROM over the server that carries it. */
  envelopeFrom: string;
  /** Its campaign had a pace or hours of its own when it was taken. */
  paced: boolean;
  /** Undefined when the person's row or key is gone: the gate will say why. */
  recipient?: { values: MessageValues; subject: { id: string; key: Buffer } };
};

/** One attempt of one row. */
export type Attempt = { campaign: string; position: number; attempt: string; epoch: number };
