/** What screens know of a contact: plain data, no code. */

/** How a person stands, in the words of a screen: each refusal of the gate belongs to one. */
export const STANDINGS = ["active", "left", "stopped", "expired", "simulated", "none"] as const;
export type Standing = (typeof STANDINGS)[number];

const STANDING_OF: Record<string, Standing> = {
  withdrawn: "left",
  objected: "left",
  suppressed: "stopped",
  restricted: "stopped",
  erased: "stopped",
  expired: "expired",
  simulated: "simulated",
};

/** The standing that an answer of the gate means; null is allowed. */
export const standingOf = (reason: string | null): Standing =>
  reason === null ? "active" : (STANDING_OF[reason] ?? "none");

export type ContactRow = {
  id: string;
  /** Masked where the caller may not read it. */
  address: string;
  name: string | null;
  createdAt: Date;
  standing: Standing;
  reason: string | null;
  /** Lists whose mail she receives. */
  lists: string[];
};
