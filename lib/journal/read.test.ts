import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ring, ringText, youngRing } from "../crypto/keys.fixture.ts";
import { createKeyRing, readKeyRing, UnknownKey } from "../crypto/keys.ts";
import { inFolder, other, started, textOf, ticking, withdrawn, writer } from "./journal.fixture.ts";
import { openJournal } from "./journal.ts";
import { type FaultReason, JournalFault, readJournal } from "./read.ts";

/** A file of four lines, changed by `change`, and what its reader says. */
async function reading(o: {
  change(lines: string[]): string | Buffer;
  gone?: boolean;
  keys?: ReturnType<typeof ring>;
  as?: string;
}) {
  let outcome: Awaited<ReturnType<typeof readJournal>> | JournalFault | UnknownKey | undefined;
  await inFolder(async (folder) => {
    const journal = openJournal({ folder, keys: ring(), writer, now: ticking() });
    await journal.write(started);
    for (let i = 0; i < 3; i++) await journal.write(withdrawn);
    await journal.close();
    const changed = o.change(textOf(folder).split("\n").slice(0, -1));
    writeFileSync(join(folder, `${o.as ?? writer}.jsonl`), changed);
    try {
      outcome = await readJournal({ folder, writer: o.as ?? writer, keys: o.keys ?? ring(), gone: o.gone ?? true });
    } catch (error) {
      if (!(error instanceof JournalFault || error instanceof UnknownKey)) throw error;
      outcome = error;
    }
  });
  return outcome;
}

const joined = (lines: string[]) => lines.map((line) => `${line}\n`).join("");
const line = (lines: string[], i: number) => lines[i] ?? "";

test("a whole file reads back, line by line", async () => {
  const read = await reading({ change: joined });
  assert.ok(read && "lines" in read && read.tear === undefined);
  assert.deepEqual(
    read.lines.map(({ n, kind, at }) => [n, kind, at]),
    [
      [1, "started", "2026-11-30T08:00:00.000Z"],
      [2, "withdrawn", "2026-11-30T08:00:01.000Z"],
      [3, "withdrawn", "2026-11-30T08:00:02.000Z"],
      [4, "withdrawn", "2026-11-30T08:00:03.000Z"],
    ],
  );
});

test("an empty file, of a process that died at once, has no line and no tear", async () => {
  assert.deepEqual(await reading({ change: () => "" }), { lines: [] });
});

const faults: [string, FaultReason, number, (lines: string[]) => string][] = [
  ["a changed word", "mac", 2, (l) => joined(l).replace("unsubscribed", "unsubscribeD")],
  [
    "a changed MAC",
    "mac",
    4,
    (l) =>
      joined([
        ...l.slice(0, 3),
        line(l, 3)
          .replace(/"mac":"./, '"mac":"x')
          .replace('"mac":"x', '"mac":"0'),
      ]),
  ],
  ["a line taken out", "number", 2, (l) => joined([line(l, 0), ...l.slice(2)])],
  ["the first line taken out", "number", 1, (l) => joined(l.slice(1))],
  ["two lines exchanged", "number", 2, (l) => joined([line(l, 0), line(l, 2), line(l, 1), line(l, 3)])],
  ["a line twice", "number", 3, (l) => joined([...l.slice(0, 2), ...l.slice(1)])],
  ["a number that closes the gap", "prev", 2, (l) => joined([line(l, 0), line(l, 2).replace('"n":3', '"n":2')])],
  ["a line that is no JSON", "form", 2, (l) => joined([line(l, 0), "hello", ...l.slice(1)])],
  ["an empty line", "form", 2, (l) => joined([line(l, 0), "", ...l.slice(1)])],
  [
    "a space where the canonical form has none",
    "form",
    3,
    (l) => joined([...l.slice(0, 2), line(l, 2).replace(",", ", "), line(l, 3)]),
  ],
  ["a field twice", "form", 1, (l) => joined([line(l, 0).replace('"n":1', '"n":1,"n":1'), ...l.slice(1)])],
  ["line ends of another system", "form", 1, (l) => joined(l).replaceAll("\n", "\r\n")],
];
for (const [what, reason, at, change] of faults) {
  for (const gone of [true, false]) {
    test(`${what} stops the start and names file and line (writer ${gone ? "gone" : "alive"})`, async () => {
      const found = await reading({ change, gone });
      assert.ok(found instanceof JournalFault, `${JSON.stringify(found)}`);
      assert.deepEqual([found.reason, found.line], [reason, at]);
      assert.ok(found.message.includes(`${writer}.jsonl, line ${at}: `));
    });
  }
}

test("a file under another writer's name is not that writer's", async () => {
  const found = await reading({ change: joined, as: other });
  assert.ok(found instanceof JournalFault && found.reason === "prev" && found.line === 1);
});

test("a file of another installation, or under other keys of the same names, is no file of ours", async () => {
  const elsewhere = readKeyRing(ringText("k1", "019aa000-0000-7000-8000-000000000002"));
  const strange = readKeyRing(createKeyRing((n) => Buffer.alloc(n, 5), ring().installation));
  for (const keys of [elsewhere, strange]) {
    const found = await reading({ change: joined, keys });
    assert.ok(found instanceof JournalFault && found.reason === "prev" && found.line === 1);
  }
});

test("a key that the ring lacks is an error of its own: the ring is read again", () =>
  inFolder(async (folder) => {
    const journal = openJournal({ folder, keys: ring("k2"), writer, now: ticking() });
    await journal.write(started);
    await journal.close();
    const lacking = readJournal({ folder, writer, keys: youngRing(), gone: true });
    await assert.rejects(lacking, (error) => error instanceof UnknownKey && error.kid === 2);
    assert.equal((await readJournal({ folder, writer, keys: ring(), gone: true })).lines.length, 1);
  }));

test("a key that goes down within a file is a fault", () =>
  inFolder(async (folder) => {
    const { firstPrev, macOfLine } = await import("./line.ts");
    const { jcs } = await import("../ledger/jcs.ts");
    let prev = firstPrev(ring(), 2, writer);
    let text = "";
    for (const [i, kid] of [2, 1].entries()) {
      const bare = { ...withdrawn, n: i + 1, at: "2026-11-30T08:00:00.000Z", kid: `k${kid}`, prev };
      prev = macOfLine(ring(), kid, bare);
      text += `${jcs({ ...bare, mac: prev })}\n`;
    }
    writeFileSync(join(folder, `${writer}.jsonl`), text);
    const found = await readJournal({ folder, writer, keys: ring(), gone: true }).catch((error: unknown) => error);
    assert.ok(found instanceof JournalFault && found.reason === "kid" && found.line === 2);
  }));

test("the file of a dead writer may end in a line cut at any place: it is passed over", async () => {
  const length = line((await linesOf()) ?? [], 3).length;
  for (let cut = 1; cut <= length; cut += 37) {
    const found = await reading({ change: (l) => joined(l.slice(0, 3)) + line(l, 3).slice(0, cut) });
    assert.ok(found && "lines" in found && found.lines.length === 3);
    assert.deepEqual(found.tear, { line: 4, bytes: Math.min(cut, length) });
  }
});

async function linesOf(): Promise<string[] | undefined> {
  let kept: string[] | undefined;
  await reading({
    change: (lines) => {
      kept = lines;
      return joined(lines);
    },
  });
  return kept;
}

test("a tear begins at the first NUL byte, whatever stands behind it", async () => {
  const zeros = "\0".repeat(4096);
  const changes: [(l: string[]) => string, number][] = [
    [(l) => joined(l) + zeros, 5],
    [(l) => `${joined(l)}${zeros}\n`, 5],
    [(l) => `${joined(l.slice(0, 2))}${line(l, 2).slice(0, 50)}${zeros}\n${line(l, 3)}\n`, 3],
    [(l) => `${zeros}\n${joined(l)}`, 1],
  ];
  for (const [change, at] of changes) {
    const found = await reading({ change });
    assert.ok(found && "lines" in found);
    assert.equal(found.lines.length, at - 1);
    assert.equal(found.tear?.line, at);
  }
});

test("while the writer lives an unfinished last line is only not there yet", async () => {
  const found = await reading({ change: (l) => joined(l.slice(0, 3)) + line(l, 3).slice(0, 40), gone: false });
  assert.ok(found && "lines" in found && found.lines.length === 3 && found.tear === undefined);
});

test("while the writer lives a NUL byte in a finished line is a fault, not a tear", async () => {
  const found = await reading({ change: (l) => `${joined(l)}\0\n`, gone: false });
  assert.ok(found instanceof JournalFault && found.reason === "form");
});

test("lines that cross the pieces in which a file is read are read whole", () =>
  inFolder(async (folder) => {
    const journal = openJournal({ folder, keys: ring(), writer, now: ticking() });
    await Promise.all(Array.from({ length: 1500 }, () => journal.write(withdrawn)));
    await journal.close();
    assert.ok(textOf(folder).length > 10 * 65_536);
    assert.equal((await readJournal({ folder, writer, keys: ring(), gone: true })).lines.length, 1500);
  }));
