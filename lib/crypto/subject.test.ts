import assert from "node:assert/strict";
import { test } from "node:test";
import { event, subjectKey } from "./keys.fixture.ts";
import { newSubjectKey, salt, subjectRef, tag } from "./subject.ts";

test("salt, tag and subject have the bytes that another program gives them", () => {
  assert.equal(
    salt(subjectKey, event).toString("hex"),
    "5dad940ea491d63dcc42dee71c133f42b9aa4a44ff867716b2e4a5ae0b376bbb",
  );
  assert.equal(tag(subjectKey).toString("hex"), "3a9284eb524a70bb133d7231b4ee08f4722b54e6d99e39763980d4775a9c0a72");
  const ref = "256f3f18dff21f7c181ffb542f3c3584f7bada24e465342fc1ef9a8ca4d47bce";
  assert.equal(subjectRef(tag(subjectKey), event).toString("hex"), ref);
});

test("a subject key is 32 random bytes", () => {
  assert.deepEqual(
    newSubjectKey((n) => Buffer.alloc(n, 7)),
    Buffer.alloc(32, 7),
  );
});
