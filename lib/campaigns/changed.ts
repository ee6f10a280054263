import { DomainError } from "../errors.ts";
import type { Draft } from "./types.ts";

/** Somebody else saved meanwhile (B95). Carries their text, so that the screen can show both; nothing was written. */
export class CampaignChanged extends DomainError {
  readonly theirs: Draft;
  readonly version: number;
  readonly savedAt: Date;

  constructor(o: { theirs: Draft; version: number; savedAt: Date }) {
    super("CAMPAIGN_CHANGED", { version: o.version });
    this.theirs = o.theirs;
    this.version = o.version;
    this.savedAt = o.savedAt;
  }
}
