import type { Buckets } from "./share.ts";
import type { Claimed } from "./types.ts";

/** Rows below the place where a lane reads come back (a 4xx, a dead process): it begins anew after so long. */
const ANEW_MS = 60_000;
/** Nothing of its share was there: asked again after so long. */
const DRY_MS = 5000;

/**
 * Where a lane stands in campaigns of which it takes some positions and not others. Without it every claim would read past all the rows of a slower
 * server again: with a million of them that is a tenth of a second each time.
 */
export class Places {
  private readonly at = new Map<string, { above: number; since: number }>();
  private readonly dry = new Map<string, { until: number; share: string }>();

  /** Takes up to `n` rows above the place, and when there are none, from the beginning. */
  async take(
    campaign: string,
    o: { share: Buckets; n: number; take: (above?: number) => Promise<Claimed[]> },
  ): Promise<Claimed[]> {
    const { n, take } = o;
    const [now, share] = [performance.now(), JSON.stringify(o.share)];
    const dry = this.dry.get(campaign);
    if (dry && dry.share === share && now < dry.until) return [];
    if (dry && dry.share !== share) this.at.delete(campaign);
    const place = this.at.get(campaign);
    const known = place && now - place.since < ANEW_MS ? place : undefined;
    let rows = known ? await take(known.above) : [];
    if (rows.length === 0) rows = await take();
    const last = rows.at(-1);
    if (rows.length < n || !last) this.at.delete(campaign);
    else this.at.set(campaign, { above: last.position, since: known?.since ?? now });
    if (rows.length === 0) this.dry.set(campaign, { until: now + DRY_MS, share });
    else this.dry.delete(campaign);
    return rows;
  }

  /** Something has changed: all that was found empty is asked again. */
  look(): void {
    this.dry.clear();
  }
}
