import type { Server } from "../servers/types.ts";
import type { Services } from "../services.ts";

/** A row of the outbox that this process sends now, its payload opened. */
export type SystemMail = {
  id: string;
  organization: string | null;
  kind: "confirmation" | "invitation" | "reset" | "alert" | "test" | "campaign_test";
  confirmation: string | null;
  subject: string | null;
  tries: number;
  payload: Record<string, unknown>;
  /** When it was put into the outbox. */
  createdAt: Date;
};

/** How a payload becomes a message. `messageId` must stand in it: the same in each copy of this mail. Comes in as an argument (`lib/templates`). */
export type ComposeSystem = (
  s: Services,
  o: { mail: SystemMail; server: Server; messageId: string },
) => Promise<{ to: string; raw: Buffer }>;
