import type pg from "pg";
import type { ConnectOptions } from "../servers/connection.ts";
import type { Services } from "../services.ts";
import type { Buffers } from "./buffers.ts";
import type { Covered } from "./cover.ts";
import type { Owner } from "./owner.ts";
import type { SandboxAddress } from "./route.ts";
import type { Signer } from "./signer.ts";
import type { ComposeSystem } from "./system-types.ts";
import type { Mailer } from "./types.ts";

/** What the lanes of one epoch share. */
export type World = {
  s: Services;
  owner: Owner;
  /** Whether the process ends. A lane also ends with its epoch, and then has all the time that PostgreSQL takes to come back. */
  ending: () => boolean;
  /** Connections with `pipeline`, for hand-offs alone. */
  pool: pg.Pool;
  covered: Covered;
  mailer: Mailer;
  /** Memory for messages. */
  buffers: Buffers;
  /** Makes DKIM signatures beside this thread. */
  signer: Signer;
  composeSystem: ComposeSystem;
  /** A dead address (5.1.x): writes the suppression, in a transaction of its own. */
  deadAddress: (s: Services, o: { organization: string; contact: string; reply: string }) => Promise<void>;
  /** The journal of this process takes no line any more: it must be started again. */
  journalBroken?: () => void;
  sandbox?: SandboxAddress;
  connect?: ConnectOptions;
};
