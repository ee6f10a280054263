import type { CampaignState, Progress } from "../campaigns/types.ts";

/** `day` on the organization's clocks, as 2026-12-11. */
export type ReportDay = { day: string; accepted: number; rejected: number };
export type ReportDomain = {
  domain: string;
  size: number;
  accepted: number;
  rejected: number;
  uncertain: number;
  toDo: number;
};

/** What is counted from the rows and kept: the worker may take seconds for it at a million. */
export type ReportBody = {
  days: ReportDay[];
  /** The thirty domains with most people, then `*` for the rest. */
  domains: ReportDomain[];
  /** Who received it and left one of its lists within seven days · marked it as spam. */
  left: number;
  complained: number;
};

export type CampaignReport = {
  campaign: { id: string; name: string; state: CampaignState; launchedAt: Date | null; endedAt: Date | null };
  progress: Progress;
  counted: (ReportBody & { at: Date }) | null;
};
