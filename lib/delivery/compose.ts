import { sha256 } from "../crypto/hash.ts";
import { sealWith } from "../crypto/sealed.ts";
import { readyForWire, type Wire } from "../servers/wire.ts";
import type { Services } from "../services.ts";
import { domainOf } from "../text/address.ts";
import type { Wanted } from "./hand-off.ts";
import type { SignedMessage } from "./signing.ts";
import type { Claimed, Mailer } from "./types.ts";

/** A claimed row with its message: what a connection writes, and the memory that it was rendered into. */
export type Composed = { row: Claimed; wanted: Wanted; message?: Buffer | Wire; memory?: Buffer };

/** A claimed row's message before it is signed, or why there is none. `ended`: as `Mailer` says. */
export type Rendered = { row: Claimed; raw?: Buffer; ended?: Buffer; fault?: string };

/** Milliseconds of CPU that a message which cannot be made has cost at least: less, and it was the machine that stood still. */
const WORKED_MS = 100;

/** The CPU of this process at the last look: a look costs as much as a signature of HMAC, so one serves all messages of the next milliseconds. */
let looked = { at: Number.NEGATIVE_INFINITY, cpu: process.cpuUsage() };
const LOOK_MS = 20;

function cpuBefore(): NodeJS.CpuUsage {
  const at = performance.now();
  if (at - looked.at > LOOK_MS) looked = { at, cpu: process.cpuUsage() };
  return looked.cpu;
}

/**
 * Renders one message. Never throws: a person whose message cannot be made gets a fault in the place of it, and the others go on (F37).
 */
export function render(
  s: Services,
  o: { mailer: Mailer; prepared: unknown; row: Claimed; room?: (size: number) => Buffer },
): Rendered {
  const { row } = o;
  // Her row or her key is gone: the gate says "erased". Should it not, the row ends here all the same.
  if (!row.recipient) return { row, fault: "no_recipient" };
  const { values } = row.recipient;
  const cpu = cpuBefore();
  try {
    try {
      return { row, ...o.mailer.render(o.prepared, values, o.room) };
    } catch (error) {
      // The limit of a rendering is one of the clock: a process that was frozen in between tries again.
      const { user, system } = process.cpuUsage(cpu);
      if ((user + system) / 1000 > WORKED_MS) throw error;
      return { row, ...o.mailer.render(o.prepared, values, o.room) };
    }
  } catch (error) {
    const code = (error as { code?: string }).code ?? (error as Error).name;
    s.log.warn("message_not_composed", { campaign: row.campaign, position: row.position, code });
    return { row, fault: "not_composed" };
  }
}

/** What is handed off: the message as it leaves, its SHA-256, and what was merged into it, sealed, with the keys that signed it. */
export function composed(
  s: Services,
  { row, raw, ended, fault }: Rendered,
  signed: SignedMessage | undefined,
): Composed {
  const { campaign, position, contact, list, recipient } = row;
  const domain = recipient ? domainOf(recipient.values.to) : null;
  const place = { campaign, position, contact, list, domain, attempt: "" };
  if (!raw || !recipient)
    return { row, wanted: { ...place, fault: fault ?? "not_composed", sha256: null, subject: null, sealed: null } };
  const pieces = signed?.pieces ?? [raw];
  const values = signed ? { ...recipient.values, dkim: signed.keys } : recipient.values;
  const sealed = sealWith(recipient.subject.key, valuesPlace(row), Buffer.from(JSON.stringify(values)), s.randomBytes);
  const wanted = { ...place, fault: null, sha256: sha256(...pieces), subject: recipient.subject.id, sealed };
  // What was signed has its fields before it, and all else as it was.
  const message =
    ended && pieces.at(-1) === raw ? readyForWire([...pieces.slice(0, -1), ended]) : Buffer.concat(pieces);
  return { row, wanted, message, memory: raw };
}

/** Where the sealed values of a delivery stand. */
export const valuesPlace = (o: { campaign: string; position: number }) => ({
  table: "delivery_values",
  row: `${o.campaign}/${o.position}`,
  column: "sealed",
});
