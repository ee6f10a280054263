import assert from "node:assert/strict";
import { closeSync, fsyncSync, ftruncateSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ring } from "../crypto/keys.fixture.ts";
import type { KeyRing } from "../crypto/keys.ts";
import { DomainError } from "../errors.ts";
import type { Disk } from "./disk.ts";
import { journalWriters } from "./file.ts";
import { inFolder, other, started, textOf, ticking, withdrawn, writer } from "./journal.fixture.ts";
import { openJournal } from "./journal.ts";
import { readJournal } from "./read.ts";

const fixed = () => new Date("2026-11-30T08:00:00.000Z");
const failsWith = (code: string, cause?: string) => (error: unknown) =>
  error instanceof DomainError && error.code === code && (cause === undefined || error.facts.cause === cause);

/** The real disk, with a count of its calls and a fault to come. */
function disk(fault: Partial<Disk> = {}) {
  const calls = { write: 0, sync: 0 };
  const real: Disk = {
    write: async (file, bytes) => writeSync(file, bytes),
    sync: async (file) => fsyncSync(file),
    truncate: async (file, length) => ftruncateSync(file, length),
    close: async (file) => closeSync(file),
  };
  const counted: Disk = {
    write: (file, bytes) => {
      calls.write++;
      return (fault.write ?? real.write)(file, bytes);
    },
    sync: (file) => {
      calls.sync++;
      return (fault.sync ?? real.sync)(file);
    },
    truncate: (file, length) => (fault.truncate ?? real.truncate)(file, length),
    close: real.close,
  };
  return { disk: counted, calls, real, fault };
}
const sysError = (code: string) => Object.assign(new Error(code), { code });

test("lines have the bytes that another program gives them, over a change of key", () =>
  inFolder(async (folder) => {
    let keys = ring("k1");
    const turning: KeyRing = {
      installation: keys.installation,
      kids: keys.kids,
      sub: keys.sub,
      get write() {
        return keys.write;
      },
    };
    const journal = openJournal({ folder, keys: turning, writer, now: ticking() });
    assert.equal(await journal.write(started), 1);
    keys = ring("k2");
    assert.equal(await journal.write(withdrawn), 2);
    await journal.close();
    const [first, second] = [
      '{"at":"2026-11-30T08:00:00.000Z","boot":"019aa000-0000-7000-8000-0000000000ff","cluster":"7391/1","kid":"k1","kind":"started","mac":"65906c37b1caf7efdd3a28fae4b9d92dbcc2e8efa781ef543c3650c890ef58e8","n":1,"prev":"e5c911d399a18fa12237ff6e87a6b8a46d37c32976367a940de8a1bef1592044","url":"https://news.example.it","version":"0.1.0"}',
      '{"at":"2026-11-30T08:00:01.000Z","id":"019aa000-0000-7000-8000-0000000000ee","key":"k1:ec5e552ead0f5c14cb3304f4221232b5","kid":"k2","kind":"withdrawn","mac":"256649a0dd343d4abe0a69bd4ae959ec9ef0a9fc1cdcc6c77b6257e649a99a4e","n":2,"organization":"019aa000-0000-7000-8000-0000000000aa","prev":"65906c37b1caf7efdd3a28fae4b9d92dbcc2e8efa781ef543c3650c890ef58e8","reason":"unsubscribed","scope":"list:019aa000-0000-7000-8000-0000000000bb"}',
    ];
    assert.equal(textOf(folder), `${first}\n${second}\n`);
  }));

test("the kid never goes down within a file, even where the ring's does", () =>
  inFolder(async (folder) => {
    let keys = ring("k2");
    const turning: KeyRing = {
      installation: keys.installation,
      kids: keys.kids,
      sub: keys.sub,
      get write() {
        return keys.write;
      },
    };
    const journal = openJournal({ folder, keys: turning, writer, now: fixed });
    await journal.write(started);
    keys = ring("k1");
    await journal.write(withdrawn);
    await journal.close();
    const { lines } = await readJournal({ folder, writer, keys: ring(), gone: true });
    assert.deepEqual(
      lines.map((line) => line.kid),
      ["k2", "k2"],
    );
  }));

test("lines that wait together share a write and an fsync, in their order; each has its number only then", () =>
  inFolder(async (folder) => {
    const { disk: counting, calls } = disk();
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed, disk: counting });
    const together = await Promise.all(Array.from({ length: 50 }, () => journal.write(withdrawn)));
    assert.deepEqual(
      together,
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    assert.deepEqual(calls, { write: 1, sync: 1 });
    assert.equal(await journal.write(withdrawn), 51);
    assert.deepEqual(calls, { write: 2, sync: 2 });
    await journal.close();
    assert.equal((await readJournal({ folder, writer, keys: ring(), gone: true })).lines.length, 51);
  }));

test("nobody is answered before the fsync", () =>
  inFolder(async (folder) => {
    let synced = false;
    const slow = disk();
    slow.fault.sync = async (file) => {
      await new Promise((done) => setTimeout(done, 20));
      synced = true;
      await slow.real.sync(file);
    };
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed, disk: slow.disk });
    await journal.write(withdrawn);
    assert.ok(synced);
    await journal.close();
  }));

test("a line written at whatever moment of a flush is written", () =>
  inFolder(async (folder) => {
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed });
    let expected = 0;
    for (let turn = 0; turn < 200; turn++) {
      const done = journal.write(withdrawn).then(() => journal.write(withdrawn));
      for (let i = 0; i < turn % 7; i++) await null;
      await Promise.all([done, journal.write(withdrawn)]);
      expected += 3;
    }
    await journal.close();
    assert.equal((await readJournal({ folder, writer, keys: ring(), gone: true })).lines.length, expected);
  }));

test("a file that exists is never opened again; it and its folder are its owner's alone", () =>
  inFolder(async (parent) => {
    const folder = join(parent, "journal");
    const open = () => openJournal({ folder, keys: ring(), writer, now: fixed });
    await open().close();
    assert.throws(open, /EEXIST/);
    assert.equal(statSync(join(folder, `${writer}.jsonl`)).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    await openJournal({ folder, keys: ring(), writer: other, now: fixed }).close();
    assert.deepEqual(journalWriters(folder), [other, writer]);
    assert.throws(() => openJournal({ folder, keys: ring(), writer: "../x", now: fixed }), /uuid/);
  }));

test("a full disk that takes nothing loses those who wait, all told, and the next line follows the last good one", () =>
  inFolder(async (folder) => {
    const full = disk();
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed, disk: full.disk });
    await journal.write(started);
    full.fault.write = () => Promise.reject(sysError("ENOSPC"));
    const lost = await Promise.allSettled([journal.write(withdrawn), journal.write(withdrawn)]);
    for (const one of lost)
      assert.ok(one.status === "rejected" && failsWith("JOURNAL_UNWRITABLE", "ENOSPC")(one.reason));
    full.fault.write = full.real.write;
    assert.equal(await journal.write(withdrawn), 2);
    await journal.close();
    assert.equal((await readJournal({ folder, writer, keys: ring(), gone: true })).lines.length, 2);
  }));

/** Takes a hundred bytes, and then nothing more. */
function fills(full: ReturnType<typeof disk>): void {
  full.fault.write = async (file, bytes) => {
    full.fault.write = () => Promise.reject(sysError("ENOSPC"));
    return writeSync(file, bytes.subarray(0, 100));
  };
}

test("what a full disk took of a line is cut off again, and the next line follows the last good one [F34]", () =>
  inFolder(async (folder) => {
    const full = disk();
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed, disk: full.disk });
    await journal.write(started);
    fills(full);
    await assert.rejects(journal.write(withdrawn), failsWith("JOURNAL_UNWRITABLE", "ENOSPC"));
    full.fault.write = full.real.write;
    assert.equal(await journal.write(withdrawn), 2);
    await journal.close();
    const read = await readJournal({ folder, writer, keys: ring(), gone: true });
    assert.deepEqual([read.lines.length, read.tear], [2, undefined]);
  }));

test("a line cut in the middle that cannot be cut off ends the file: nothing may follow it, and the reader passes over it", () =>
  inFolder(async (folder) => {
    const full = disk();
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed, disk: full.disk });
    await journal.write(started);
    full.fault.truncate = () => Promise.reject(sysError("EPERM"));
    fills(full);
    const waiting = [journal.write(withdrawn), journal.write(withdrawn)];
    for (const one of await Promise.allSettled(waiting))
      assert.ok(one.status === "rejected" && failsWith("JOURNAL_BROKEN", "ENOSPC")(one.reason));
    full.fault.write = full.real.write;
    await assert.rejects(journal.write(withdrawn), failsWith("JOURNAL_BROKEN"));
    await journal.close();
    const read = await readJournal({ folder, writer, keys: ring(), gone: true });
    assert.equal(read.lines.length, 1);
    assert.deepEqual(read.tear, { line: 2, bytes: 100 });
  }));

test("who joins the queue while the disk fails is told the same", () =>
  inFolder(async (folder) => {
    const failing = disk({ sync: async () => Promise.reject(sysError("EIO")) });
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed, disk: failing.disk });
    const first = journal.write(started);
    failing.fault.write = async (file, bytes) => {
      void journal.write(withdrawn).catch((error: unknown) => late.push(error));
      return failing.real.write(file, bytes);
    };
    const late: unknown[] = [];
    await assert.rejects(first, failsWith("JOURNAL_BROKEN", "EIO"));
    await new Promise((done) => setImmediate(done));
    assert.equal(late.length, 1);
    assert.ok(failsWith("JOURNAL_BROKEN")(late[0]));
    assert.deepEqual(failing.calls, { write: 1, sync: 1 }, "a failed fsync is never tried again");
    await journal.close();
  }));

test("an error of the device may have left anything in the file: it ends too", () =>
  inFolder(async (folder) => {
    const failing = disk({ write: () => Promise.reject(sysError("EIO")) });
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed, disk: failing.disk });
    await assert.rejects(journal.write(started), failsWith("JOURNAL_BROKEN", "EIO"));
    await journal.close();
  }));

test("a disk that takes a line piece by piece gets it whole", () =>
  inFolder(async (folder) => {
    const slow = disk({ write: async (file, bytes) => writeSync(file, bytes.subarray(0, 7)) });
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed, disk: slow.disk });
    assert.equal(await journal.write(started), 1);
    await journal.close();
    assert.equal((await readJournal({ folder, writer, keys: ring(), gone: true })).lines.length, 1);
    assert.equal(slow.calls.sync, 1);
  }));

test("a line that has no canonical form is refused alone", () =>
  inFolder(async (folder) => {
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed });
    const [good, bad] = await Promise.allSettled([
      journal.write(withdrawn),
      journal.write({ ...withdrawn, reason: "\ud800" }),
    ]);
    assert.equal(good.status, "fulfilled");
    assert.equal(bad.status, "rejected");
    await journal.close();
  }));

test("closing waits for what was written; afterwards nothing is", () =>
  inFolder(async (folder) => {
    const journal = openJournal({ folder, keys: ring(), writer, now: fixed });
    const last = journal.write(started);
    await journal.close();
    assert.equal(await last, 1);
    await assert.rejects(journal.write(withdrawn), failsWith("JOURNAL_CLOSED"));
    await journal.close();
  }));
