import { z } from "zod";
import { hostName } from "../../../lib/servers/target.ts";
import type { ServerInput } from "../../../lib/servers/types.ts";
import { parseAddress } from "../../../lib/text/address.ts";
import { neededCount, typedCount } from "../../_server/typed-count.ts";

const text = (most: number) => z.string().trim().min(1).max(most, "TOO_LONG");
/** Said with the other fields at once; the verb asks again. What is empty was named before. */
const address = (text: string) => text === "" || parseAddress(text) !== undefined;
const host = (text: string) => text === "" || hostName(text) !== undefined;
const maybe = (most: number) => z.string().trim().max(most, "TOO_LONG").optional();
/** A limit as it is typed: empty means none. */
const count = typedCount({ min: 1, max: 100_000_000 });
/** Judged by the verb, with the name of the whole table. */
const column = z.array(z.string().trim()).default([]);
const hour = z.coerce.number().int().min(0).max(24);

/** A sending server as the form sends it; what the values mean together is judged by the verb. */
export const ServerFields = z.strictObject({
  preset: z.string().max(40),
  kind: z.enum(["shared", "dedicated", "provider", "mailbox"]),
  name: text(100),
  host: text(253).refine(host, "HOST"),
  port: neededCount({ min: 1, max: 65_535 }),
  encryption: z.enum(["none", "starttls", "tls"]),
  auth: z.enum(["none", "password", "oauth2"]),
  username: maybe(320),
  /** Secrets: empty, they stay as they are. */
  password: z.string().max(1000, "TOO_LONG").optional(),
  oauthClient: maybe(500),
  oauthSecret: z.string().max(1000, "TOO_LONG").optional(),
  oauthRefresh: z.string().max(4000, "TOO_LONG").optional(),
  fromName: text(100),
  fromAddress: text(254).refine(address, "ADDRESS"),
  envelopeFrom: maybe(254).refine((typed) => address(typed ?? ""), "ADDRESS"),
  perDay: count,
  dayWindow: z.enum(["calendar", "rolling"]),
  perHour: count,
  reserve: typedCount({ max: 100_000_000 }),
  overLimitReason: maybe(500),
  rampFirst: count,
  rampFrom: maybe(10),
  perMinute: count,
  perSecond: count,
  connections: neededCount({ min: 1, max: 50 }),
  messagesPerConnection: neededCount({ min: 1, max: 100_000 }),
  ...{ domain: column, domainMinute: column, domainHour: column, domainDay: column },
  weekdays: z.array(z.enum(["0", "1", "2", "3", "4", "5", "6"])).default([]),
  hourFrom: hour,
  hourTo: hour,
  restHolidays: z.literal("on").optional(),
  zone: text(60),
  expiresOn: maybe(10),
  renewUrl: maybe(500).refine((typed) => !typed || (/^https?:/i.test(typed) && URL.canParse(typed)), "URL"),
  ips: maybe(2000),
});

type Fields = z.infer<typeof ServerFields>;

/** As the verbs take it: what was left empty is not there, or null where that means none. */
export function serverInput(o: Fields): ServerInput {
  const { kind, name, host, port, encryption, auth, fromName, fromAddress, perDay, dayWindow, perHour } = o;
  const { rampFirst, perMinute, perSecond, connections, messagesPerConnection, hourFrom, hourTo, zone } = o;
  return {
    ...{ kind, name, host, port, encryption, auth, fromName, fromAddress, perDay, dayWindow, perHour, rampFirst },
    ...{ perMinute, perSecond, connections, messagesPerConnection, hourFrom, hourTo, zone, reserve: o.reserve ?? 0 },
    preset: o.preset === "custom" ? null : o.preset,
    ...{ username: o.username || undefined, password: o.password || undefined, oauth: oauth(o) },
    ...{ envelopeFrom: o.envelopeFrom || undefined, overLimitReason: o.overLimitReason || null },
    ...{ rampFrom: o.rampFrom || null, expiresOn: o.expiresOn || null, renewUrl: o.renewUrl || null },
    weekdays: o.weekdays.reduce((days, bit) => days | (1 << Number(bit)), 0),
    restHolidays: o.restHolidays === "on",
    ips: (o.ips ?? "").split(/[\s,;]+/).filter(Boolean),
    domainLimits: domainLimits(o),
  };
}

/** Nothing typed: it stays. Else all three, or the verb names what is missing. */
function oauth({ oauthClient = "", oauthSecret = "", oauthRefresh = "" }: Fields): ServerInput["oauth"] {
  const typed = { client: oauthClient, secret: oauthSecret.trim(), refresh: oauthRefresh.trim() };
  return typed.client || typed.secret || typed.refresh ? typed : undefined;
}

/** Rows without any text are none; what is no number goes on as one that no limit can be, so that the verb refuses it with its field. */
function domainLimits(o: Fields): ServerInput["domainLimits"] {
  const number = (typed: string | undefined) => (!typed ? null : /^\d{1,9}$/.test(typed) ? Number(typed) : -1);
  return o.domain.flatMap((domain, i) => {
    const [perMinute, perHour, perDay] = [o.domainMinute[i], o.domainHour[i], o.domainDay[i]].map(number);
    const row = { domain, perMinute: perMinute ?? null, perHour: perHour ?? null, perDay: perDay ?? null };
    return domain || row.perMinute || row.perHour || row.perDay ? [row] : [];
  });
}
