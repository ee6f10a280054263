import assert from "node:assert/strict";
import { after, test } from "node:test";
import { serveWith } from "../../app/_server/services.ts";
import * as route from "../../app/u/[token]/route.ts";
import { appNow } from "../../lib/clock.ts";
import { decide } from "../../lib/consent/gate.ts";
import { freshDatabase } from "../support/database.ts";
import { makeList, makeOrganization, subscribe } from "../support/people.ts";
import { testServices } from "../support/services.ts";

const s = await testServices(await freshDatabase({ after }));
serveWith(s);
const organization = await makeOrganization(s);
const list = await makeList(s, organization);

let people = 0;
const somebody = () => subscribe(s, list, `persona${people++}@libero.it`);
const url = (token: string) => `https://news.example.it/u/${token}`;
const post = (token: string, init: RequestInit = {}) =>
  route.POST(new Request(url(token), { method: "POST", ...init }), { params: Promise.resolve({ token }) });
const isOut = async (contact: string) => {
  const [answer] = await decide(s.db, {
    organization,
    contacts: [contact],
    lists: [list.list],
    at: await appNow(s.db),
    real: false,
  });
  return answer?.reason === "withdrawn";
};

test("WD-02 B67 §3.1 a POST of List-Unsubscribe=One-Click, form-encoded or multipart, answers 200 and she is out", async () => {
  const multipart = new FormData();
  multipart.set("List-Unsubscribe", "One-Click");
  for (const body of [new URLSearchParams({ "List-Unsubscribe": "One-Click" }), multipart]) {
    const { contact, leave } = await somebody();
    const answer = await post(leave, { body });
    assert.equal(answer.status, 200);
    assert.equal(answer.redirected, false);
    assert.equal(answer.headers.get("location"), null, "MUST NOT return a redirect");
    assert.equal(answer.headers.get("set-cookie"), null, "no cookie");
    assert.ok(await isOut(contact));
  }
});

test("B67 B68 whatever its body says: empty, not a form, 10 MB, another word; and as often as it is repeated", async () => {
  const bodies: (RequestInit["body"] | undefined)[] = [
    undefined,
    "",
    "{}",
    "x".repeat(10_000_000),
    new URLSearchParams({ a: "b" }),
  ];
  for (const body of bodies) {
    const { contact, leave } = await somebody();
    for (let i = 0; i < 3; i++) {
      const answer = await post(leave, body === undefined ? {} : { body });
      assert.deepEqual([answer.status, await answer.text()], [200, "Unsubscribed\n"]);
    }
    assert.ok(await isOut(contact));
  }
});

test("B66 WD-02 GET and HEAD, a hundred times, change nothing", async () => {
  const { contact, leave } = await somebody();
  for (let i = 0; i < 100; i++) {
    const answer = await route.GET(new Request(url(leave), { method: i % 2 ? "GET" : "HEAD" }), {
      params: Promise.resolve({ token: leave }),
    });
    assert.equal(answer.status, 200);
  }
  assert.equal(await isOut(contact), false);
});

test("§4 the page of the link offers the same by one button, and is no RFC 8058 answer", async () => {
  const { contact, leave } = await somebody();
  const answer = await post(leave, { body: new URLSearchParams({ do: "leave", scope: "list" }) });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type") ?? "", /text\/html/);
  assert.ok(await isOut(contact));
});
