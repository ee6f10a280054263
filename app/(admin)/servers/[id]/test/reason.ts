import type { Translate } from "../../../../_server/translate.ts";

/** Why a step failed, in words. A reason's key is whole or the last word of it. */
export function reasonOfTalk(t: Translate, text: string): string {
  const key = text.includes(".") ? text : `servers.talk.reason.${text}`;
  return t.has(key) ? t(key) : text;
}
