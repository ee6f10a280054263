import type { Translate } from "../../_server/translate.ts";
import { HINTS, type Hint } from "./server-hints.ts";

/** Words of the server form, which runs in the browser too. */
export function serverWords(t: Translate) {
  const of = <K extends string>(...keys: K[]) =>
    Object.fromEntries(keys.map((key) => [key, t(`serverScreens.form.${key}`)])) as Record<K, string>;
  return {
    ...of("kind", "shared", "sharedHelp", "dedicated", "dedicatedHelp", "name", "nameHelp", "host", "hostHelp"),
    ...of("port", "portHelp", "encryption", "starttls", "tls", "none", "auth", "byPassword", "byPasswordHelp"),
    ...of("byAddress", "byAddressHelp", "username", "usernameHelp", "password", "passwordHelp", "passwordKept"),
    ...of("fromName", "fromNameHelp", "fromAddress", "fromAddressHelp", "envelopeFrom", "envelopeFromHelp"),
    ...of("limits", "limitsHelp", "perDay", "perHour", "perMinute", "perSecond", "reserve", "reserveHelp"),
    ...of("connections", "connectionsHelp", "save", "create"),
    hints: Object.fromEntries(HINTS.map((hint) => [hint, t(`serverScreens.hints.${hint}`)])) as Record<Hint, string>,
  };
}

export type ServerWords = ReturnType<typeof serverWords>;
