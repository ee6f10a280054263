import { pauseCampaign } from "../campaigns/pause-by-machine.ts";
import { release } from "./claim.ts";
import { type Composed, composed, type Rendered, render } from "./compose.ts";
import { codeOf, type LaneState } from "./lane-state.ts";
import { Signing, type ToSign } from "./signing.ts";
import type { Claimed } from "./types.ts";

/** Until texts that could not be made ready are tried once more. */
const AGAIN_MS = 1000;

/** Makes the messages of claimed rows: renders, and where we sign, signs, ahead of the connections, so that neither waits for the other. */
export class Composing {
  private readonly state: LaneState;
  private readonly signing: Signing;
  private readonly prepared = new Map<string, { value: unknown }>();
  /** By the row itself: what is given back is forgotten with it, what waits for a limit keeps its message. */
  private readonly made = new WeakMap<Claimed, Promise<Composed | undefined>>();

  constructor(state: LaneState) {
    this.state = state;
    this.signing = new Signing(state.w.s, state.w.signer);
  }

  /** These will be handed over soon: made while PostgreSQL works on a hand-off, they cost the next one no time. */
  ahead(rows: Claimed[]): void {
    this.begin(rows);
  }

  /**
   * The messages of rows, for this attempt. Those of a campaign whose texts cannot be used are given back, and missing here.
   * @throws when they should be signed and cannot be
   */
  async take(rows: Claimed[], attempt: string): Promise<Composed[]> {
    this.begin(rows);
    const all = await Promise.all(rows.map((row) => this.made.get(row)));
    return all.flatMap((one) => (one ? [{ ...one, wanted: { ...one.wanted, attempt } }] : []));
  }

  private begin(rows: Claimed[]): void {
    const fresh = rows.filter((row) => !this.made.has(row));
    if (fresh.length === 0) return;
    const all = this.make(fresh);
    for (const [i, row] of fresh.entries()) {
      const one = all.then((list) => list[i]);
      // A failure is not kept: the next try makes them anew. Whoever waits hears of it.
      one.catch(() => this.made.delete(row));
      this.made.set(row, one);
    }
  }

  private async make(rows: Claimed[]): Promise<(Composed | undefined)[]> {
    const { s, mailer, buffers } = this.state.w;
    const rendered: (Rendered | undefined)[] = [];
    for (const row of rows) {
      const prepared = this.prepared.get(row.campaign) ?? (await this.prepare(row));
      rendered.push(prepared && render(s, { mailer, prepared: prepared.value, row, room: buffers.take }));
    }
    const toSign = rendered.flatMap((one) => (one?.raw ? [{ one, of: signable(one, one.raw) }] : []));
    const signed = await this.signing.sign(
      this.state.server,
      toSign.map(({ of }) => of),
    );
    const by = new Map(toSign.map(({ one }, i) => [one, signed[i]]));
    return rendered.map((one) => one && composed(s, one, by.get(one)));
  }

  /** A machine that stands still for a moment, or a database that is away for one, is no reason to stop a campaign. */
  private async twice<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch {
      await this.state.signal.wait(AGAIN_MS);
      return work();
    }
  }

  private async prepare(row: Claimed): Promise<{ value: unknown } | undefined> {
    const { s, mailer, owner } = this.state.w;
    try {
      const prepared = { value: await this.twice(() => mailer.prepare(s, { campaign: row.campaign })) };
      this.prepared.set(row.campaign, prepared);
      return prepared;
    } catch (error) {
      // The frozen texts themselves cannot be used: nobody of this campaign is to blame.
      s.log.error("campaign_not_prepared", { campaign: row.campaign, code: codeOf(error) });
      await pauseCampaign(s.db, { campaign: row.campaign, reason: "cannot_prepare" });
      await release(s.db, { epoch: owner.epoch, rows: [row] });
      return undefined;
    }
  }
}

function signable({ row }: Rendered, raw: Buffer): ToSign {
  const values = row.recipient?.values;
  return { organization: row.organization, from: values?.from.address ?? "", at: new Date(values?.date ?? 0), raw };
}
