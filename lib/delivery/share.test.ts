import assert from "node:assert/strict";
import { test } from "node:test";
import { type Buckets, type Peer, shareOf } from "./share.ts";

const peer = (server: string, o: Partial<Peer> = {}): Peer => ({ server, weight: 1, out: false, domain: "a.it", ...o });
const takes = (share: Buckets | "all" | "none", position: number) =>
  share === "all" ||
  (share !== "none" &&
    share.ranges.some(([from, to]) => position % share.total >= from && position % share.total < to));

test("by weight every position has exactly one server, and each gets its part", () => {
  const peers = [peer("a", { weight: 3 }), peer("b", { weight: 1 }), peer("c", { weight: 2 })];
  const shares = peers.map(({ server }) => shareOf({ split: "weight", server, sender: "a.it", peers }));
  const n = new Map<number, number>();
  for (let position = 0; position < 600; position++) {
    const who = shares.flatMap((share, i) => (takes(share, position) ? [i] : []));
    assert.equal(who.length, 1, `position ${position}`);
    n.set(who[0] as number, (n.get(who[0] as number) ?? 0) + 1);
  }
  assert.deepEqual([n.get(0), n.get(1), n.get(2)], [300, 100, 200]);
});

test("what a server that is out would have carried is open to all the others, and its own stays its own", () => {
  const peers = [peer("a", { weight: 3, out: true }), peer("b"), peer("c")];
  const of = (server: string) => shareOf({ split: "weight", server, sender: "a.it", peers });
  assert.deepEqual(of("a"), { total: 5, ranges: [[0, 3]] });
  for (const server of ["b", "c"]) for (const position of [0, 1, 2]) assert.ok(takes(of(server), position));
  assert.ok(!takes(of("c"), 3) && takes(of("b"), 3) && takes(of("c"), 4));
  const alone = [peer("a", { out: true }), peer("b")];
  assert.equal(shareOf({ split: "weight", server: "b", sender: "a.it", peers: alone }), "all");
});

test("by domain only servers of the sender's domain take; capacity, or one server, takes all", () => {
  const peers = [peer("a"), peer("b", { domain: "b.it" }), peer("c")];
  const of = (server: string) => shareOf({ split: "domain", server, sender: "a.it", peers });
  assert.deepEqual([of("a"), of("b"), of("c")], ["all", "none", "all"]);
  // Should no server send as that domain any more, nothing is stranded.
  assert.equal(shareOf({ split: "domain", server: "b", sender: "x.it", peers }), "all");
  assert.equal(shareOf({ split: "capacity", server: "b", sender: "a.it", peers }), "all");
  assert.equal(shareOf({ split: "weight", server: "b", sender: "a.it", peers: [peer("b")] }), "all");
});
