import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { FormName } from "../../lib/forms/form-name.ts";
import { ListInput } from "../../lib/lists/list-input.ts";
import { Identity } from "../../lib/organizations/identity.ts";
import { NewPassword, PersonEmail } from "../../lib/users/person.ts";
import { ServerFields } from "../(admin)/servers/server-input.ts";
import { fieldErrors } from "./field-errors.ts";
import { translator } from "./translate.ts";

const t = translator("it", "Europe/Rome");
const said = (schema: z.ZodType, typed: unknown) => fieldErrors(schema.safeParse(typed).error ?? new z.ZodError([]), t);

test("what is too long is told how long it may be", () => {
  const { name, topics, frequency } = ListInput.shape;
  const schema = z.strictObject({ name, topics, frequency, form: FormName });
  for (const long of ["x".repeat(81), "x".repeat(5000)]) {
    const found = said(schema, { name: long, topics: long, frequency: long, form: long });
    assert.deepEqual(found.form, ["Al massimo 80 caratteri."]);
    for (const [field, texts] of Object.entries(found)) {
      assert.equal(texts.length, 1, field);
      assert.doesNotMatch(texts[0] ?? "", /Al massimo 0 /, field);
    }
  }
});

test("of an empty field nothing else is said", () => {
  const schema = z.strictObject({ password: NewPassword, taxId: Identity.shape.taxId });
  const empty = ["Compila questo campo."];
  assert.deepEqual(said(schema, { password: "", taxId: "" }), { password: empty, taxId: empty });
});

test("all that is wrong with a form is said at once: an address, a short password, the name of a server", () => {
  assert.deepEqual(
    Object.keys(
      said(z.strictObject({ email: PersonEmail, password: NewPassword }), { email: "a@@b", password: "corta" }),
    ),
    ["email", "password"],
  );
  const { host, port, fromAddress, envelopeFrom, renewUrl } = ServerFields.shape;
  const found = said(z.strictObject({ host, port, fromAddress, envelopeFrom, renewUrl }), {
    host: "https://mail esempio",
    port: "99999",
    fromAddress: "posta",
    envelopeFrom: "x@",
    renewUrl: "javascript:1",
  });
  assert.deepEqual(Object.keys(found), ["host", "port", "fromAddress", "envelopeFrom", "renewUrl"]);
});
