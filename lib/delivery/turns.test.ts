import assert from "node:assert/strict";
import { test } from "node:test";
import { takeTurns } from "./turns.ts";

type Campaign = { name: string; priority: number; room: number | null; rows: number };
const campaign = (name: string, rows: number, more: Partial<Campaign> = {}): Campaign => ({
  ...{ name, rows, priority: 0, room: null },
  ...more,
});

/** Rows named by their campaign, as `takeTurns` hands them out of a stock. */
async function turns(campaigns: Campaign[], o: { turn: number; room: number }): Promise<string> {
  const stock = new Map(campaigns.map((one) => [one, one.rows]));
  const rows = await takeTurns({
    ...{ ...o, campaigns },
    take: async (one, n) => {
      const got = Math.min(n, stock.get(one) ?? 0);
      stock.set(one, (stock.get(one) ?? 0) - got);
      return Array.from({ length: got }, () => one.name);
    },
  });
  return rows.join("");
}

test("equal campaigns take turns row by row; whoever has little leaves the rest to the others", async () => {
  assert.equal(await turns([campaign("a", 99), campaign("b", 99)], { turn: 0, room: 6 }), "ababab");
  assert.equal(await turns([campaign("a", 99), campaign("b", 1)], { turn: 0, room: 5 }), "abaaa");
  assert.equal(await turns([campaign("a", 2), campaign("b", 99), campaign("c", 1)], { turn: 0, room: 9 }), "abcabbbbb");
  assert.equal(await turns([campaign("a", 1), campaign("b", 1)], { turn: 0, room: 9 }), "ab");
});

test("with room for one each campaign comes to its turn, whatever process asks", async () => {
  const three = [campaign("a", 99), campaign("b", 99), campaign("c", 99)];
  const sent = await Promise.all([0, 1, 2, 3].map((turn) => turns(three, { turn, room: 1 })));
  assert.deepEqual(sent, ["a", "b", "c", "a"]);
});

test("the higher priority goes first and leaves what it does not take; its own pace bounds it", async () => {
  const low = campaign("l", 99);
  assert.equal(await turns([low, campaign("h", 99, { priority: 5 })], { turn: 0, room: 4 }), "hhhh");
  assert.equal(await turns([low, campaign("h", 2, { priority: 5 })], { turn: 1, room: 4 }), "hhll");
  assert.equal(await turns([low, campaign("h", 99, { priority: 5, room: 3 })], { turn: 0, room: 5 }), "hhhll");
  assert.equal(await turns([low, campaign("m", 99, { room: 1 })], { turn: 0, room: 6 }), "lmllll");
  assert.equal(await turns([low], { turn: 7, room: 0 }), "");
  assert.equal(await turns([], { turn: 7, room: 3 }), "");
});
