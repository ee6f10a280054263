import { SETTLE_MS } from "../servers/hours.ts";
import { replyText } from "../servers/reply.ts";
import { domainOf } from "../text/address.ts";
import type { Line } from "./connections.ts";
import { beyondTheRow } from "./effect.ts";
import { codeOf, isRefusal, type LaneState } from "./lane-state.ts";
import { NotSigned, Signing } from "./signing.ts";
import { postponeSystem, recordSystem, systemDue, systemMessageId, type TakenMail, takeSystem } from "./system-mail.ts";

/** System mail of a lane: before campaigns, at least once. */
export class LaneSystem {
  private readonly state: LaneState;
  private readonly signing: Signing;
  private readonly out = new Set<string>();
  /** How many are due, as far as the last look knows. */
  due = 0;

  constructor(state: LaneState) {
    this.state = state;
    this.signing = new Signing(state.w.s, state.w.signer);
  }

  async look(): Promise<void> {
    this.due = await systemDue(this.state.w.s, this.state.server);
  }

  /** Takes due mails for the connections that are free, and writes them. */
  async send(): Promise<void> {
    const { w, server, connections } = this.state;
    connections.grow(this.state.busy + this.due);
    const n = Math.min(connections.free(), this.due);
    if (n === 0) return;
    const begun = performance.now();
    const taken = await takeSystem(w.s, { server, epoch: w.owner.epoch, n });
    this.due = taken.mails.length === n ? this.due - n : 0;
    for (const one of taken.mails) {
      const { mail, as, at } = one;
      const line = connections.take();
      if (line) {
        this.out.add(mail.id);
        this.state.work(this.write(line, one, begun).finally(() => this.out.delete(mail.id)));
      } else await postponeSystem(w.s, { mail, server: as, at, seconds: 1, reason: null });
    }
  }

  /** Whether this lane has a mail in its hands. */
  has(id: string): boolean {
    return this.out.has(id);
  }

  /** The message, signed where we sign: a confirmation from a domain with `p=reject` would not arrive otherwise. */
  private async compose({ mail, as }: TakenMail, messageId: string): Promise<{ to: string; raw: Buffer }> {
    const { w, server } = this.state;
    const { to, raw } = await w.composeSystem(w.s, { mail, server: as, messageId });
    const of = { organization: as.organization, from: as.fromAddress, at: mail.createdAt, raw };
    const [signed] = await this.signing.sign(server, [of]);
    return { to, raw: signed ? Buffer.concat(signed.pieces) : raw };
  }

  private async write(line: Line, taken: TakenMail, begun: number): Promise<void> {
    const { w, connections } = this.state;
    const { mail, as: server, at } = taken;
    const messageId = systemMessageId(mail.id, server);
    let seconds = 3600;
    const composed = await this.compose(taken, messageId).catch((error: unknown) => {
      if (error instanceof NotSigned) seconds = 60;
      w.s.log.error("system_mail_not_composed", { id: mail.id, kind: mail.kind, code: codeOf(error) });
      return undefined;
    });
    if (!composed) {
      connections.put(line);
      // A newer version may know how to compose it; a key may be read again in a minute.
      await untilWritten(() => postponeSystem(w.s, { mail, server, at, seconds, reason: "not_composed" }));
      return;
    }
    if (performance.now() - begun > SETTLE_MS) {
      // Counted in one hour and written in the next one: counted anew.
      connections.put(line);
      await untilWritten(() => postponeSystem(w.s, { mail, server, at, seconds: 0, reason: null }));
      return;
    }
    const { to, raw } = composed;
    const answer = await this.state.carry(line, { from: server.envelopeFrom, to }, raw);
    connections.put(line);
    const outcome = await untilWritten(() =>
      recordSystem(w.s, { mail, server, messageId, raw, answer, reservedAt: at }),
    );
    if (!outcome) w.s.log.error("system_mail_not_recorded", { id: mail.id, kind: mail.kind });
    else if (outcome.effect === "slower") connections.slower();
    else if (outcome.effect !== "none")
      await beyondTheRow(w, {
        ...{ outcome, server: this.state.server, organization: server.organization },
        ...{ domain: domainOf(to), reply: replyText(answer.reply, to) },
      });
    this.state.lookAt = 0;
  }
}

/** An answer is worth keeping: tried for five minutes until PostgreSQL takes it. Undefined when it never did: a dead owner's mail is sent once more. */
async function untilWritten<T>(write: () => Promise<T>): Promise<T | undefined> {
  for (let i = 0; i < 600; i++) {
    try {
      return await write();
    } catch (error) {
      if (isRefusal(error) && i > 5) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  return undefined;
}
