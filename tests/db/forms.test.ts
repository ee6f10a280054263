import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { eq } from "drizzle-orm";
import { formPage } from "../../app/f/[form]/form-page.ts";
import { formVersions } from "../../db/schema/lists.ts";
import { pasteHtml } from "../../lib/forms/form-html.ts";
import { publishForm } from "../../lib/forms/publish-form.ts";
import { publicForm } from "../../lib/forms/published-form.ts";
import { createList } from "../../lib/lists/create.ts";
import { proposeForList } from "../../lib/notices/propose-for-list.ts";
import { publishWords } from "../../lib/notices/publish-words.ts";
import { freshDatabase } from "../support/database.ts";
import { makeOrganization, makeWho } from "../support/people.ts";
import { testServices } from "../support/services.ts";

async function world(t: Parameters<typeof freshDatabase>[0]) {
  const s = await testServices(await freshDatabase(t));
  const who = await makeWho(s, await makeOrganization(s), "owner");
  const promise = { topics: "libri <nuovi> & usati", frequency: "ogni mese", locale: "it", tone: "lei" } as const;
  const { id: list } = await createList(s, { who, name: 'Il "Gazzettino"', purpose: "promo", ...promise });
  const { words } = await proposeForList(s, { who, list });
  await publishWords(s, { who, list, words });
  const { form, sha256 } = await publishForm(s, { who, list, name: "Fiera" });
  const shown = await publicForm(s.db, { form });
  assert.ok(shown);
  return { s, form: shown, sha256 };
}

test("CC-04 CC-01 the hosted page carries the frozen words and boxes byte for byte, unticked, whatever its language", async (t) => {
  const { s, form, sha256 } = await world(t);
  const [row] = await s.db.select().from(formVersions).where(eq(formVersions.form, form.id));
  assert.equal(
    createHash("sha256")
      .update(row?.html ?? "")
      .digest("hex"),
    sha256,
  );
  for (const locale of ["it", "en"] as const) {
    const page = await (await formPage(s, { form, locale })).text();
    assert.ok(page.includes(row?.html ?? "never"), locale);
    assert.doesNotMatch(page, / checked/);
    assert.match(page, /libri &lt;nuovi&gt; &amp; usati/);
  }
});

test("what the person ticked a moment ago stays ticked after a fault, and the box that is missing says so", async (t) => {
  const { s, form } = await world(t);
  const typed = { email: "x", ticked: ["promo"], faults: ["address" as const] };
  const again = await (await formPage(s, { form, locale: "it", typed })).text();
  assert.match(again, /name="box" type="checkbox" value="promo" checked>/);
  const empty = await (
    await formPage(s, { form, locale: "it", typed: { ...typed, ticked: [], faults: ["box"] } })
  ).text();
  assert.match(empty, /value="promo" aria-invalid="true" aria-describedby="box-fault">/);
});

test("HTML to paste asks for an address only: no box, no script, no other host", async (t) => {
  const { form } = await world(t);
  const html = pasteHtml({
    ...{ publicUrl: "https://news.example.it", form: form.id, locale: "it", label: "E-mail", button: "Iscriviti" },
    trap: "Lascia vuoto",
  });
  assert.match(html, new RegExp(`^<form method="post" action="https://news.example.it/f/${form.id}"`));
  assert.deepEqual([...html.matchAll(/name="(\w+)"/g)].map((found) => found[1]).sort(), ["email", "lang", "website"]);
  assert.doesNotMatch(html, /checkbox|<script|on\w+=/);
});
