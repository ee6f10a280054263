import { type Making, taxLabel } from "./parts.ts";
import type { ListPromise } from "./types.ts";

/** What differs from mail to mail; everything else is the notice's, word for word. */
export const CONFIRMATION_TOKENS = [
  "date",
  "time",
  "where",
  "words",
  "expires",
  "confirm",
  "refuse",
  "notice",
] as const;
export type ConfirmationToken = (typeof CONFIRMATION_TOKENS)[number];

/**
 * The confirmation mail as a text with tokens in braces: first line the subject, then paragraphs parted by empty lines. The mail that leaves is filled
 * from the published one, so that its notice's hash says what was read. Nothing in it is advertising, nothing is typed by the person (DO-02, B60).
 */
export function confirmationMail(m: Making, list: ListPromise): string {
  const { say, organization } = m;
  const { legalName, address, privacyEmail } = organization;
  const asked = { date: "{date}", time: "{time}", where: "{where}", list: list.name, controller: legalName };
  return [
    say("confirmationMail.subject", { list: list.name }),
    say("confirmationMail.asked", asked),
    say("confirmationMail.content", { frequency: list.frequency, topics: list.topics }),
    `${say("confirmationMail.yes")}\n{confirm}`,
    `${say("confirmationMail.words")}\n{words}`,
    `${say("confirmationMail.no", { expires: "{expires}" })}\n{refuse}`,
    `${say("confirmationMail.plain", { email: privacyEmail })}\n{notice}`,
    [legalName, address, taxLabel(m), privacyEmail].join(" · "),
  ].join("\n\n");
}
