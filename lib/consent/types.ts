/** How a request reached us, as evidence (CC-05). `ip` only from the socket or a trusted proxy; IPv6 whole. */
export type RequestFacts = {
  ip?: string;
  ipFrom?: "socket" | "proxy";
  userAgent?: string;
  page?: string;
  referrer?: string;
  id?: string;
};

/** A box of a form and what became of it. */
export type BoxState = { purpose: string; shown: boolean; ticked: boolean };

/** Words that were or will be agreed to: one box of a published form. */
export type Words = { purpose: string; text: string; version: number };
