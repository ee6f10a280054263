/** What screens and their client components know of a campaign: plain data, no code. */

export const CAMPAIGN_STATES = ["draft", "scheduled", "sending", "paused", "stopped", "ended", "cancelled"] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

/** Orders that are offered. `engaged` (db/schema) is not one of them while nothing measures who reads, with consent (design: §7.11). */
export const SEND_ORDERS = ["oldest", "newest", "random"] as const;
export type SendOrder = (typeof SEND_ORDERS)[number];

/** Low, usual, high: of two campaigns on one server the higher one goes first. */
export const PRIORITIES = [-1, 0, 1] as const;

/** How several servers share a campaign. */
export const SPLITS = ["capacity", "weight", "domain"] as const;
export type Split = (typeof SPLITS)[number];

/** When and how fast a campaign is sent. Instants as ISO text; null: now, no end, the server's own pace, days and hours. */
export type Sending = {
  startsAt: string | null;
  notAfter: string | null;
  perHour: number | null;
  weekdays: number | null;
  hourFrom: number | null;
  hourTo: number | null;
  priority: number;
  sendOrder: SendOrder;
};

/** Everything of a campaign that a person writes. `text` null: derived from the HTML. `fromName` empty: the server's own. */
export type Draft = Sending & {
  name: string;
  subject: string;
  preheader: string;
  fromName: string;
  replyTo: string | null;
  mjml: string;
  text: string | null;
  lists: string[];
};

/** A step of the compose page, in any order. */
export const STEPS = ["audience", "content", "checks", "send"] as const;
export type Step = (typeof STEPS)[number];

export type Saved = { version: number; savedAt: Date };

/**
 * What a check before sending found. `block` stops test send and launch, or the launch alone; `unknown` could not be checked and is never shown as good.
 * `key` is the whole key of its sentence in `messages`, which takes `facts`.
 */
export type Finding = {
  check: string;
  key: string;
  level: "ok" | "warn" | "block" | "unknown";
  facts: Record<string, string | number>;
  /** The step of the compose page where it is mended. */
  step: Step;
  /** In the text that it is about, counted from 1. */
  line?: number;
};

/** How many of a campaign's rows are in each state, and the three figures that add up to its size (design: §5, the identity). */
export type Progress = {
  size: number;
  done: number;
  toDo: number;
  notSent: number;
  states: { state: string; n: number }[];
  /** Why people were excluded or cancelled, with numbers. */
  reasons: { state: string; reason: string; n: number }[];
  /** Handed over in the last five minutes. */
  lately: number;
};
