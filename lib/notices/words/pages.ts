import type { Making } from "./parts.ts";
import type { ListPromise } from "./types.ts";

/** What a person reads differs: the words keep the name of each value in braces. */
const OPEN = { address: "{address}", words: "{words}", at: "{at}" };

/** The page behind the confirmation link, before and after the press. */
export function confirmPage(m: Making, list: ListPromise): string {
  const { name, topics, frequency } = list;
  return [
    m.say("confirmPage.asks", { address: OPEN.address, list: name, topics, frequency }),
    m.say("confirmPage.words", { words: OPEN.words }),
    m.say("confirmPage.buttons"),
    m.say("confirmPage.done", { at: OPEN.at }),
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
