import type { DomainLimit, servers, TalkStep } from "../../db/schema/servers.ts";

export type Server = typeof servers.$inferSelect;
export type { DomainLimit, TalkStep };

/** When campaigns may leave, on the clock of the server's zone. System mail leaves at any time. */
export type OpenHours = {
  /** Bit 0 Monday … bit 6 Sunday; 127: every day. */
  weekdays: number;
  /** From this hour (0 to 23), before that one (1 to 24). */
  hourFrom: number;
  hourTo: number;
  /** Campaigns rest on Italian public holidays. */
  restHolidays: boolean;
};

/** A client of a provider's token endpoint, and the token that a person got for it. */
export type OAuthClient = { client: string; secret: string; refresh: string };

/** A sending server as a person describes it. What is left out stays as it is, and has its default when the server is new. */
export type ServerInput = { [K in keyof OpenHours]?: OpenHours[K] | undefined } & {
  kind: Exclude<Server["kind"], "sandbox">;
  /** Which preset it was made from; null: described by hand. */
  preset?: string | null | undefined;
  name: string;
  host: string;
  port: number;
  encryption: "none" | "starttls" | "tls";
  auth: "none" | "password" | "oauth2";
  username?: string | undefined;
  /** Left out when it stays as it is. */
  password?: string | undefined;
  /** What OAuth2 renews its access token with; left out when it stays as it is. */
  oauth?: OAuthClient | undefined;
  fromName: string;
  fromAddress: string;
  /** MAIL FROM; the sender address when left out. */
  envelopeFrom?: string | undefined;
  /** Messages; null: no limit. */
  perSecond?: number | null | undefined;
  perMinute?: number | null | undefined;
  perHour?: number | null | undefined;
  perDay?: number | null | undefined;
  /** `perDay` counts the calendar day of the zone, or any 24 hours. */
  dayWindow?: Server["dayWindow"] | undefined;
  /** Kept free for confirmations and other system mail, of the hour and of the day. */
  reserve?: number | undefined;
  connections?: number | undefined;
  messagesPerConnection?: number | undefined;
  /** IANA zone of the calendar day, the weekdays and the hours. */
  zone?: string | undefined;
  /** At most one entry a domain; `*`: each domain that has none of its own. */
  domainLimits?: DomainLimit[] | undefined;
  /** Ramp-up of a new address: so many on the day `rampFrom` (2026-12-11), more each day up to `perDay` (ramp.ts). Both, or null. */
  rampFirst?: number | null | undefined;
  rampFrom?: string | null | undefined;
  /** Why a shared server may send more than 300 a day, in the owner's words. */
  overLimitReason?: string | null | undefined;
  /** Last day on which the service is paid for (2026-12-11). */
  expiresOn?: string | null | undefined;
  /** Where it is renewed: an https or http address. */
  renewUrl?: string | null | undefined;
  /** Public addresses that it sends from, beside those of its host. */
  ips?: string[] | undefined;
};

/** How much of a window is used. */
export type Used = { campaign: number; system: number };

/** A server as pages show it: without its secrets, with what its windows have used. */
export type ServerView = Omit<Server, "password" | "oauth"> & {
  /** It is another organization's: `perDay` of each day are ours, and `used` is what we used of them. */
  lent: boolean;
  hasPassword: boolean;
  hasOauth: boolean;
  /** What it may send today: `perDay`, or less while it ramps up. */
  perDayNow: number | null;
  /** Until the service ends: 0 on its last day, less after it; null where no date is known. */
  daysLeft: number | null;
  used: { hour: Used; day: Used };
};
