import type { Role } from "./roles.ts";

/** What staff are told of, and who gets it by mail until she chooses otherwise. The words stand under `mail.notices.<kind>`. */
export const NOTICE_KINDS = {
  /** A campaign has nothing left to hand over. */
  campaign_ended: ["owner", "marketing"],
  /** The machine stopped a campaign (brake, texts that cannot be used). */
  campaign_stopped: ["owner", "marketing"],
  /** More people than providers bear call a campaign spam. */
  complaints_rise: ["owner", "marketing", "compliance"],
  /** Messages whose fate nobody knows wait for a decision. */
  uncertain_wait: ["owner", "marketing"],
  /** A campaign waits for somebody who may approve it. */
  approval_waits: ["owner", "compliance"],
  /** Somebody approved a campaign, or refused it. */
  approval_decided: ["owner", "marketing"],
  /** A server stands still until a person presses, or for more than a quarter of an hour. */
  server_stopped: ["owner"],
  /** The service of a server ends soon. */
  server_expires: ["owner"],
  /** The operator lent a server, changed its share, or took it back. */
  server_lent: ["owner"],
  /** The nightly check of the domain found something new. */
  domain_alarm: ["owner"],
  /** Somebody stopped all sending. */
  sending_paused: ["owner", "marketing"],
} as const satisfies Record<string, readonly Role[]>;

export type NoticeKind = keyof typeof NOTICE_KINDS;
export const NOTICE_KIND_NAMES = Object.keys(NOTICE_KINDS) as NoticeKind[];

/** Whether somebody with these roles gets this kind by mail as long as she has not chosen. */
export function mailedByDefault(kind: NoticeKind, roles: readonly Role[]): boolean {
  const holders: readonly Role[] = NOTICE_KINDS[kind];
  return roles.some((role) => holders.includes(role));
}
