import assert from "node:assert/strict";
import { test } from "node:test";
import { translator } from "../../_server/translate.ts";
import { subjectWords } from "./subject-words.ts";

const t = translator("it", "Europe/Rome");

test("a subject shows what a template will print by its name, and all else as it was written", () => {
  const name = t("campaigns.mergeFields.list_name");
  assert.equal(subjectWords(t, "Le novità di {{ list.name }}"), `Le novità di ‹${name}›`);
  assert.equal(
    subjectWords(t, 'Ciao {{contact.first_name | default: "tu"}}, ecco {{- list.name }}'),
    `Ciao ‹${t("campaigns.mergeFields.contact_first_name")}›, ecco ‹${name}›`,
  );
  for (const same of ["", "Sconto {20%}", "{{ nessuno.qui }}", "{% if contact %}"])
    assert.equal(subjectWords(t, same), same);
});
