import assert from "node:assert/strict";
import { test } from "node:test";
import type { Draft } from "../../../../lib/campaigns/types.ts";
import { type Answer, autosaver, type Change, type SaveState } from "./autosaver.ts";

const DRAFT: Draft = {
  ...{ name: "A", subject: "S", preheader: "", fromName: "", replyTo: null, mjml: "<mjml/>", text: null, lists: [] },
  ...{ startsAt: null, notAfter: null, perHour: null, weekdays: null, hourFrom: null, hourTo: null, priority: 0 },
  sendOrder: "oldest",
};

function world(answers: ((body: { version: number; change: Change }) => Answer)[], kept: string | null = null) {
  const [sent, states, timers]: [{ version: number; change: Change }[], SaveState[], { ms: number; work(): void }[]] = [
    ...[[], [], []],
  ] as never;
  const store = { text: kept };
  const saver = autosaver({
    ...{ version: 3, savedAt: "t0", base: DRAFT },
    world: {
      send: async (body) => {
        sent.push(body);
        return (answers.shift() ?? (() => ({ kind: "saved", version: body.version + 1, savedAt: "t1" }) as Answer))(
          body,
        );
      },
      later: (ms, work) => {
        const timer = { ms, work };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer) >>> 0, 1);
      },
      store: {
        read: () => store.text,
        write(text) {
          store.text = text;
        },
      },
      onState: (state) => void states.push(state),
    },
  });
  return { saver, sent, states, timers, store, last: () => states.at(-1) };
}

test("a change is saved 2 s after the last one, with the version that it started from", async () => {
  const w = world([]);
  w.saver.edit({ subject: "S1" });
  w.saver.edit({ subject: "S2", preheader: "p" });
  assert.deepEqual(
    w.timers.map((t) => t.ms),
    [2000],
  );
  await w.saver.flush();
  w.saver.edit({ subject: "S3" });
  await w.saver.flush();
  assert.deepEqual(w.sent, [
    { version: 3, change: { subject: "S2", preheader: "p" } },
    { version: 4, change: { subject: "S3" } },
  ]);
  assert.equal(w.last()?.kind, "saved");
  assert.equal(w.store.text, null);
});

test("what is undone before it was saved is not sent", async () => {
  const w = world([]);
  w.saver.edit({ subject: "S1" });
  w.saver.edit({ subject: "S" });
  await w.saver.flush();
  assert.deepEqual(w.sent, []);
});

test("without network the text stays in the tab, also over a reload, and is sent when it returns", async () => {
  const w = world([() => ({ kind: "offline" })]);
  w.saver.edit({ subject: "typed" });
  await w.saver.flush();
  assert.equal(w.last()?.kind, "offline");
  assert.ok(w.store.text?.includes("typed"));
  assert.ok(w.timers.some((t) => t.ms > 0));

  const again = world([], w.store.text);
  assert.deepEqual(again.saver.recover(), { subject: "typed" });
  await again.saver.flush();
  assert.deepEqual(again.sent, [{ version: 3, change: { subject: "typed" } }]);
  assert.equal(again.store.text, null);
});

test("B95: an older version shows both texts and writes nothing until the person decides", async () => {
  const theirs = { ...DRAFT, subject: "theirs" };
  for (const whose of ["mine", "theirs"] as const) {
    const w = world([() => ({ kind: "conflict", version: 7, theirs })]);
    w.saver.edit({ subject: "mine" });
    await w.saver.flush();
    const state = w.last();
    assert.ok(state?.kind === "conflict");
    assert.deepEqual([state.mine.subject, state.theirs.subject], ["mine", "theirs"]);
    w.saver.edit({ preheader: "more" });
    await w.saver.flush();
    assert.equal(w.sent.length, 1, "nothing is sent while both are shown");
    const shown = await w.saver.resolve(whose);
    assert.equal(shown.subject, whose);
    assert.deepEqual(
      w.sent.slice(1),
      whose === "mine" ? [{ version: 7, change: { subject: "mine", preheader: "more" } }] : [],
    );
  }
});

test("B95: two who changed different parts both keep theirs", async () => {
  const w = world([() => ({ kind: "conflict", version: 9, theirs: { ...DRAFT, name: "renamed" } })]);
  w.saver.edit({ subject: "mine" });
  await w.saver.flush();
  assert.deepEqual(w.sent, [
    { version: 3, change: { subject: "mine" } },
    { version: 9, change: { subject: "mine" } },
  ]);
  assert.equal(w.last()?.kind, "saved");
});

test("what is typed while a save is under way is saved after it", async () => {
  let answer: (a: Answer) => void = () => undefined;
  const w = world([]);
  const slow = new Promise<Answer>((resolve) => {
    answer = resolve;
  });
  const saver = autosaver({
    ...{ version: 1, savedAt: "t0", base: DRAFT },
    world: {
      send: async (body): Promise<Answer> => {
        w.sent.push(body);
        return w.sent.length === 1 ? slow : { kind: "saved", version: 3, savedAt: "t2" };
      },
      later: () => () => undefined,
      store: { read: () => null, write: () => undefined },
      onState: (state) => void w.states.push(state),
    },
  });
  saver.edit({ subject: "one" });
  const first = saver.flush();
  await new Promise(setImmediate);
  saver.edit({ subject: "two" });
  answer({ kind: "saved", version: 2, savedAt: "t1" });
  await first;
  assert.equal(w.last()?.kind, "waiting");
  await saver.flush();
  assert.deepEqual(w.sent.at(-1), { version: 2, change: { subject: "two" } });
});
