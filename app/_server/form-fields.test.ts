import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { fieldErrors } from "./field-errors.ts";
import { readFields, typedValues } from "./form-fields.ts";
import { translator } from "./translate.ts";

function form(...entries: [string, string | Blob][]): FormData {
  const data = new FormData();
  for (const [name, value] of entries) data.append(name, value);
  return data;
}

test("a form's texts and lists are read, the framework's keys are dropped", () => {
  const data = form(
    ["name", "Giulia"],
    ["roles[]", "owner"],
    ["roles[]", "auditor"],
    ["$ACTION_KEY", "k"],
    ["$ACTION_1:0", "{}"],
  );
  assert.deepEqual(readFields(data), { fields: { name: "Giulia", roles: ["owner", "auditor"] } });
  assert.deepEqual(readFields(form(["roles[]", "owner"])), { fields: { roles: ["owner"] } });
});

test("a field twice, a file, a strange name are refused (B82)", () => {
  assert.deepEqual(readFields(form(["role", "a"], ["role", "b"])), { refused: "role" });
  assert.deepEqual(readFields(form(["role", "a"], ["role[]", "b"])), { refused: "role" });
  assert.deepEqual(readFields(form(["file", new Blob(["x"])])), { refused: "file" });
  for (const name of ["__proto__", "a[b]", "a b", "", "à", "9", `a${"b".repeat(100)}`])
    assert.ok("refused" in readFields(form([name, "x"])), name);
  const read = readFields(form(["constructor", "x"]));
  assert.ok("fields" in read && Object.hasOwn(read.fields, "constructor"));
});

test("what was typed comes back, but no secret", () => {
  const secrets = { password: "segreta", currentPassword: "segreta", oauthSecret: "segreta", oauthRefresh: "segreta" };
  const fields = { email: "a@b.it", ...secrets, roles: ["owner", "auditor"] };
  assert.deepEqual(typedValues(fields), { email: "a@b.it", "roles[]": "owner\nauditor" });
});

test("each issue of a schema is a sentence under its field, in the reader's language", () => {
  const schema = z.strictObject({
    name: z.string().min(1),
    code: z.string().max(3),
    months: z.coerce.number("INVALID").max(60, "MONTHS"),
  });
  const { error } = schema.safeParse({ name: "", code: "abcd", months: "90", role: "owner" });
  assert.ok(error);
  assert.deepEqual(fieldErrors(error, translator("it", "Europe/Rome")), {
    name: [translator("it", "Europe/Rome")("fields.REQUIRED")],
    code: ["Al massimo 3 caratteri."],
    months: ["Da 1 a 60 mesi."],
    "": ["Il modulo contiene un campo che non conosciamo: nulla è cambiato. Ricarica la pagina e riprova."],
  });
});
