import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { escaped, pathOf, textAt } from "./field.ts";
import { type Engine, htmlEngine, textEngine } from "./liquid.ts";
import { preparePart } from "./mime/part.ts";

const FIELDS = [
  ...["contact.name", "contact.first_name", "contact.fields.city", "contact.fields.none", "contact.fields.none.x"],
  ...["org.name", "list.name", "consent.date", "links.unsubscribe", "campaign.subject", "contact.fields"],
  ...["contact.fields.size", "contact.name.first", "contact.fields.constructor", "contact.toString"],
];
const AROUND = ["", " ", "\n", "è <b>x</b>", "{% if contact.name %}sì{% endif %}", "{{ contact.name | upcase }}"];

const anyText = fc.oneof(
  fc.constant(null),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom("&", "<", ">", '"', "'", "\r", "\n", "\0", "{{", "}}", "à", "\ud800"),
    maxLength: 40,
  }),
);
const anyValues = fc.record({
  org: fc.record({ name: anyText }),
  contact: fc.record({
    name: anyText,
    first_name: anyText,
    fields: fc.record({ city: anyText, size: anyText }, { noNullPrototype: true }),
  }),
  list: fc.record({ name: anyText }),
  consent: fc.record({ date: anyText }),
  links: fc.record({ unsubscribe: anyText }),
  campaign: fc.record({ subject: anyText }),
});

/** The same part by the engine alone: where something is assigned, it fills in every field. */
const byEngine = (engine: Engine, source: string, values: object) =>
  preparePart(engine, `{% assign other = 1 %}${source}`).render(values);

test("a field that is filled in without the engine reads as the engine prints it, whatever stands in it (B37)", () => {
  const source = fc
    .array(
      fc.tuple(
        fc.constantFrom(...AROUND),
        fc.constantFrom(...FIELDS),
        fc.constantFrom("{{ # }}", "{{#}}", "x {{- # -}} y"),
      ),
    )
    .map((parts) => parts.map(([before, field, how]) => `${before}${how.replace("#", field)}`).join(" "));
  fc.assert(
    fc.property(source, anyValues, (text, values) => {
      for (const engine of [htmlEngine, textEngine])
        assert.equal(preparePart(engine, text).render(values), byEngine(engine, text, values));
    }),
    { numRuns: 500 },
  );
});

test("only a plain field is filled in without the engine, and never past what a template assigns", () => {
  const path = (source: string) => {
    const [first] = htmlEngine.parse(source);
    return first && pathOf(first);
  };
  assert.deepEqual(path("{{ contact.fields.city }}"), ["contact", "fields", "city"]);
  assert.deepEqual(path("{{- org.name -}}"), ["org", "name"]);
  for (const other of [
    "{{ contact.name | upcase }}",
    "{{ x.y }}",
    "{{ contact }}",
    "{{ contact.name.size }}",
    "{{ 'contact.name' }}",
  ])
    assert.equal(path(other), undefined, other);
  const own = "{% assign contact = list %}{{ contact.name }}";
  assert.equal(preparePart(textEngine, own).render({ contact: { name: "Ada" }, list: { name: "Novità" } }), "Novità\n");
  assert.equal(textAt({ contact: { fields: ["a"] } }, ["contact", "fields", "0"]), undefined);
  assert.equal(escaped(`<a href="x">'&`), "&lt;a href=&#34;x&#34;&gt;&#39;&amp;");
});
