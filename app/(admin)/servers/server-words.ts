import type { Translate } from "../../_server/translate.ts";
import { HINTS, type Hint } from "./server-hints.ts";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** Words of the server form, which runs in the browser too. */
export function serverWords(t: Translate) {
  const of = <K extends string>(...keys: K[]) =>
    Object.fromEntries(keys.map((key) => [key, t(`serverScreens.form.${key}`)])) as Record<K, string>;
  return {
    ...of("kind", "shared", "sharedHelp", "dedicated", "dedicatedHelp", "provider", "providerHelp", "mailbox"),
    ...of("mailboxHelp", "where", "sender", "hours", "service", "name", "nameHelp", "host"),
    ...of("port", "portHelp", "encryption", "starttls", "tls", "none", "auth", "byPassword", "byPasswordHelp"),
    ...of("byAddress", "byAddressHelp", "byOauth", "byOauthHelp", "ourAddress", "ourAddressUnknown"),
    ...of("username", "usernameHelp", "password", "passwordHelp", "secretKept"),
    ...of("oauthClient", "oauthClientHelp", "oauthSecret", "oauthRefresh", "oauthRefreshHelp"),
    ...of("fromName", "fromNameHelp", "fromAddress", "fromAddressHelp", "envelopeFrom", "envelopeFromHelp"),
    ...of("limits", "limitsHelp", "perDay", "perHour", "perMinute", "perSecond", "reserve", "reserveHelp"),
    ...of("dayWindow", "calendar", "rolling", "overLimit", "overLimitHelp", "moreLimits", "perConnection"),
    ...of("perConnectionHelp", "ramp", "rampHelp", "rampFirst", "rampFrom", "connections", "connectionsHelp"),
    ...of("domains", "domainsHelp", "domain", "addDomain", "hoursHelp", "weekdays", "hourFrom", "hourTo"),
    ...of("holidays", "holidaysHelp", "zone", "zoneHelp", "expiresOn", "expiresHelp", "renewUrl", "renewHelp"),
    ...of("ips", "ipsHelp", "save", "create", "messages"),
    /** With a place for what only the browser knows. */
    hostHelp: t("serverScreens.form.hostHelp", { example: "{example}" }),
    domainRow: t("serverScreens.form.domainRow", { n: "{n}" }),
    days: DAYS.map((day) => t(`serverScreens.days.${day}`)),
    hints: Object.fromEntries(HINTS.map((hint) => [hint, t(`serverScreens.hints.${hint}`)])) as Record<Hint, string>,
  };
}

export type ServerWords = ReturnType<typeof serverWords>;
