import type { Making } from "./parts.ts";
import type { ListPromise } from "./types.ts";

/** What a person reads differs: the words keep the name of each value in braces. */
const OPEN = { address: "{address}", at: "{at}" };

/**
 * The page behind the confirmation link, before and after the press, as a text with tokens in braces. The page is filled from the published one, so
 * that its notice's hash says what was read (CC-04). `{words}` stands for the sentences of the boxes that were ticked.
 */
export function confirmPage(m: Making, list: ListPromise): string {
  const { name, topics, frequency } = list;
  const promise = { list: name, controller: m.organization.legalName, topics, frequency };
  return [
    m.say("confirmPage.asks", { address: OPEN.address, ...promise }),
    `${m.say("confirmPage.words")}\n{words}`,
    m.say("confirmPage.buttons"),
    m.say("confirmPage.done", { at: OPEN.at, list: name }),
  ].join("\n\n");
}

/** The page behind «Cancellami», before and after the press. */
export function leavePage(m: Making, list: ListPromise): string {
  const facts = { list: list.name, controller: m.organization.legalName };
  return [
    m.say("leavePage.asks", facts),
    m.say("leavePage.address", { address: OPEN.address }),
    m.say("leavePage.buttons", facts),
    m.say("leavePage.done", { ...facts, at: OPEN.at }),
    m.say("leavePage.undo"),
  ].join("\n\n");
}

/** A line of the page: a sentence, or the place where the words stand that are confirmed. */
export type PageLine = { kind: "text"; text: string } | { kind: "words" };

/** A published confirmation page in its parts: what stands above the buttons, their names, and what stands there after the press. */
export type ConfirmPageWords = { asks: PageLine[]; confirm: string; refuse: string; done: PageLine[] };

const BUTTONS = /^\[([^\]\n]+)\] \[([^\]\n]+)\]$/;

/** Reads the text that `confirmPage` made. @throws on a text without its two buttons, which no version of ours publishes */
export function readConfirmPage(body: string): ConfirmPageWords {
  const paragraphs = body.split(/\n{2,}/);
  const at = paragraphs.findIndex((text) => BUTTONS.test(text));
  const [, confirm, refuse] = BUTTONS.exec(paragraphs[at] ?? "") ?? [];
  if (!confirm || !refuse) throw new Error("a confirmation page has two buttons");
  return { asks: linesOf(paragraphs.slice(0, at)), confirm, refuse, done: linesOf(paragraphs.slice(at + 1)) };
}

function linesOf(paragraphs: string[]): PageLine[] {
  return paragraphs.flatMap((text) =>
    text.split("\n").map((line): PageLine => (line === "{words}" ? { kind: "words" } : { kind: "text", text: line })),
  );
}

/** A line with its values: those of other names stay as they were published. */
export function filledLine(text: string, values: { address?: string; at?: string; words?: string }): string {
  return text.replace(/\{(address|at|words)\}/g, (token, name: keyof typeof values) => values[name] ?? token);
}
