import assert from "node:assert/strict";
import { test } from "node:test";
import { CampaignChanged } from "../../lib/campaigns/changed.ts";
import { campaignPage } from "../../lib/campaigns/page.ts";
import { saveDraft } from "../../lib/campaigns/save.ts";
import { desk, launched, newsletter, rowOf, save } from "../support/drafts.ts";
import { makeWho } from "../support/people.ts";

test("B95: of two who edit the same version the second is refused and sees the other's text; repeating a save is none", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  const other = await makeWho(x.s, x.organization, "marketing");
  const first = await saveDraft(x.s, { who: x.who, campaign: id, version: 1, change: { subject: "di Anna" } });
  assert.equal(first.version, 2);
  await assert.rejects(
    saveDraft(x.s, { who: other, campaign: id, version: 1, change: { subject: "di Luca" } }),
    (error) => error instanceof CampaignChanged && error.theirs.subject === "di Anna" && error.version === 2,
  );
  assert.equal((await rowOf(x.s, id)).subject, "di Anna");
  const again = await saveDraft(x.s, { who: x.who, campaign: id, version: 1, change: { subject: "di Anna" } });
  assert.equal(again.version, 2);

  const both = await Promise.allSettled(
    ["uno", "due", "tre"].map((subject) =>
      saveDraft(x.s, { who: x.who, campaign: id, version: 2, change: { subject } }),
    ),
  );
  assert.equal(both.filter((one) => one.status === "fulfilled").length, 1);
  assert.equal((await rowOf(x.s, id)).version, 3);
});

test("B01 B02: line ends and control characters in subject, name, preheader and reply address are refused at save", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  for (const breaking of ["\r\nBcc: evil@z.example", "\n", "\r", "\u2028", "\u0085", "\0"]) {
    const text = `Ciao${breaking}a tutti`;
    for (const part of ["subject", "preheader", "fromName", "name"] as const) {
      await assert.rejects(save(x, id, { [part]: text }), { name: "ZodError" }, `${part} ${JSON.stringify(breaking)}`);
    }
    await assert.rejects(save(x, id, { replyTo: `a@example.com${breaking}x` }), { name: "ZodError" });
  }
  assert.equal((await rowOf(x.s, id)).version, 1);
});

test("B42 B46: includes and texts beyond every mail are refused at save, half-written MJML is not", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  await assert.rejects(
    save(x, id, { mjml: '<mjml><mj-body><mj-include path="/etc/passwd" type="css" /></mj-body></mjml>' }),
  );
  await assert.rejects(save(x, id, { mjml: "x".repeat(5_000_000) }));
  await assert.rejects(save(x, id, { subject: "x".repeat(200_000) }));
  await assert.rejects(saveDraft(x.s, { who: x.who, campaign: id, version: 1, change: { state: "ended" } as never }));
  await save(x, id, { mjml: "<mjml><mj-body><mj-sec" });
  assert.equal((await rowOf(x.s, id)).mjml, "<mjml><mj-body><mj-sec");
  await assert.rejects(launched(x, id), { code: "CAMPAIGN_BLOCKED" });
});

test("B50: what looks like SQL is text, in every field and in a URL", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  const evil = "'; drop table campaigns; --%_\\";
  await save(x, id, { subject: evil, name: evil, mjml: evil });
  assert.equal((await rowOf(x.s, id)).subject, evil);
  for (const campaign of [evil, "", "0", `${id}'`]) {
    await assert.rejects(campaignPage(x.s, { who: x.who, campaign }), { code: "NOT_FOUND" });
  }
});
