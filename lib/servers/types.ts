import type { servers } from "../../db/schema/servers.ts";

export type Server = typeof servers.$inferSelect;

/** A sending server as a person describes it. */
export type ServerInput = {
  kind: "shared" | "dedicated";
  name: string;
  host: string;
  port: number;
  encryption: "none" | "starttls" | "tls";
  auth: "none" | "password";
  username?: string | undefined;
  /** Left out when it stays as it is. */
  password?: string | undefined;
  fromName: string;
  fromAddress: string;
  /** MAIL FROM; the sender address when left out. */
  envelopeFrom?: string | undefined;
  /** Messages; null: no limit. */
  perSecond?: number | null | undefined;
  perMinute?: number | null | undefined;
  perHour?: number | null | undefined;
  perDay?: number | null | undefined;
  /** Kept free for confirmations and other system mail, of the hour and of the day. */
  reserve?: number | undefined;
  connections?: number | undefined;
  /** IANA zone of the calendar day. */
  zone?: string | undefined;
};

/** How much of a window is used. */
export type Used = { campaign: number; system: number };

/** A server as pages show it: without its password, with what its windows have used. */
export type ServerView = Omit<Server, "password"> & { hasPassword: boolean; used: { hour: Used; day: Used } };
