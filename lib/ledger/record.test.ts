import assert from "node:assert/strict";
import { test } from "node:test";
import { contact, event, list, organization, subjectKey } from "../crypto/keys.fixture.ts";
import { salt, subjectRef, tag } from "../crypto/subject.ts";
import { aboutPerson, commitment, entryOf, jcs, type LedgerRecord } from "./record.ts";

const about = {
  v: 1,
  id: event,
  organization,
  kind: "consent.confirmed",
  at: "2026-11-30T08:00:00.000Z",
  contact,
  address: "Màrio@bücher.test",
  list,
  purpose: "promo",
  level: "E3",
  actor: { type: "subject" },
  method: "double_opt_in",
  notice: [{ kind: "box", sha256: "ab".repeat(32), locale: "it", tone: "tu" }],
  request: { ip: "2001:db8::1", user_agent: 'a"b\\c\u001f\u007f€' },
} satisfies LedgerRecord;

test("a record's commitment has the bytes that another program gives it", () => {
  assert.equal(
    commitment(salt(subjectKey, event), about).toString("hex"),
    "f84d83c6da613a44540d66de67a2f01840e233e5d693d0eec927d93474ec0cde",
  );
});

test("an entry shows what binds and classifies, and names nobody", () => {
  const subject = subjectRef(tag(subjectKey), event);
  const proof = { commitment: commitment(salt(subjectKey, event), about), subject };
  const expected =
    `{"at":"2026-11-30T08:00:00.000Z","commitment":"${proof.commitment.toString("hex")}","id":"${event}","kind":"consent.confirmed","level":"E3",` +
    `"list":"${list}","method":"double_opt_in","notice":["${"ab".repeat(32)}"],"organization":"${organization}","purpose":"promo","subject":"${subject.toString("hex")}","v":1}`;
  assert.equal(jcs(entryOf(about, proof)), expected);
  for (const secret of [contact, "Màrio", "2001:db8"]) assert.ok(!expected.includes(secret));
});

test("a record that is about nobody has an entry without subject, with its own fields in the commitment", () => {
  const decided = {
    v: 1,
    id: event,
    organization,
    kind: "campaign.decided",
    at: about.at,
    size: 3,
    root: "00".repeat(32),
  } satisfies LedgerRecord;
  const bound = commitment(Buffer.alloc(32), decided);
  assert.notDeepEqual(bound, commitment(Buffer.alloc(32), { ...decided, size: 4 }));
  assert.notDeepEqual(bound, commitment(Buffer.alloc(32, 1), decided));
  assert.deepEqual(entryOf(decided, { commitment: bound }), {
    ...{ v: 1, id: event, organization, kind: "campaign.decided", at: about.at },
    commitment: bound.toString("hex"),
  });
});

test("a record is about a person by contact or address; then, and only then, its entry has a subject", () => {
  const { contact: _, address: __, ...nobody } = about;
  const proof = { commitment: Buffer.alloc(32), subject: Buffer.alloc(32) };
  assert.ok(
    aboutPerson(about) && aboutPerson({ ...nobody, address: "a@y.test" }) && aboutPerson({ ...nobody, contact }),
  );
  assert.ok(!aboutPerson(nobody));
  assert.throws(() => entryOf(nobody, proof), /subject/);
  assert.throws(() => entryOf(about, { commitment: proof.commitment }), /subject/);
});
