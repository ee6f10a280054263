import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { fieldErrors } from "./field-errors.ts";
import { translator } from "./translate.ts";
import { neededCount, typedCount } from "./typed-count.ts";

const t = translator("it", "Europe/Rome");
const form = z.strictObject({ limit: typedCount({ min: 1, max: 100_000_000 }), needed: neededCount({ max: 50 }) });
const read = (limit: string, needed = "1") => {
  const { data, error } = form.safeParse({ limit, needed });
  return error ? fieldErrors(error, t) : data;
};

test("a number is read as people write it, also with its thousands apart; empty is none", () => {
  for (const typed of ["2500", "2.500", "2,500", "2 500", " 2’500 "])
    assert.deepEqual(read(typed), { limit: 2500, needed: 1 }, typed);
  assert.deepEqual(read(""), { limit: null, needed: 1 });
});

test("what is none is refused with its sentence, and never taken for no limit", () => {
  const none = { limit: ["Scrivi un numero intero, per esempio 250."] };
  for (const typed of ["-5", "2.5", "25.00", "1e5", "0x10", "abc", "١٢", "1,2,3", "NaN", "Infinity", "2.500,5"])
    assert.deepEqual(read(typed), none, typed);
  assert.deepEqual(read("0"), { limit: ["Almeno 1."] });
  for (const typed of ["100000001", "9".repeat(10_000)])
    assert.deepEqual(read(typed), { limit: ["Al massimo 100.000.000."] });
  assert.deepEqual(read("1", ""), { needed: ["Compila questo campo."] });
});
