import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { escaped, plainOf, textAt } from "./field.ts";
import { type Engine, htmlEngine, textEngine } from "./liquid.ts";
import { preparePart } from "./mime/part.ts";

const FIELDS = [
  ...["contact.name", "contact.first_name", "contact.fields.city", "contact.fields.none", "contact.fields.none.x"],
  ...["org.name", "list.name", "consent.date", "links.unsubscribe", "campaign.subject", "contact.fields"],
  ...["contact.fields.size", "contact.name.first", "contact.fields.constructor", "contact.toString"],
];
const AROUND = [
  ...["", " ", "\n", "è <b>x</b>", "{% if contact.name %}sì{% endif %}", "{{ contact.name | upcase }}"],
  "{%- if consent.date -%} <i>{{ consent.date }}</i>{% if list.name %}, {{ list.name }}{% endif %} {% endif %}",
  "{% if contact.fields.city %}{{ contact.fields.city }}{% else %}no{% endif %}",
  "{% if contact.fields %}ha{% endif %}{% if contact.name == org.name %}lo stesso{% endif %}",
  "{% if contact.name %}{% assign list = contact %}{% endif %}",
];

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
        fc.constantFrom(
          "{{ # }}",
          "{{#}}",
          "x {{- # -}} y",
          "{{ # | default: 'chi <legge>' }}",
          '{{#|default:"l\'amica"}}',
        ),
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
  const plain = (source: string) => {
    const [first] = htmlEngine.parse(source);
    return first && plainOf(first, escaped);
  };
  const values = { contact: { name: "A&B", fields: { city: "Roma" } }, consent: { until: null } };
  assert.equal(plain("{{ contact.fields.city }}")?.(values), "Roma");
  assert.equal(plain("{{- contact.name -}}")?.(values), "A&amp;B");
  assert.equal(plain("{% if contact.name %}<b>{{ contact.name }}</b>{% endif %}")?.(values), "<b>A&amp;B</b>");
  assert.equal(plain("{% if consent.until %}x{% endif %}")?.(values), "");
  assert.equal(plain("{{ consent.until | default: '>' }}")?.(values), "&gt;");
  assert.equal(plain('{{ contact.name | default: "x" }}')?.(values), "A&amp;B");
  assert.equal(plain("{{ contact.name | default: '\\n' }}"), undefined);
  assert.equal(plain("{{ contact.name | default: org.name }}"), undefined);
  assert.equal(plain("{% if contact %}x{% endif %}"), undefined);
  assert.equal(plain("{% if contact.fields %}x{% endif %}")?.(values), undefined);
  for (const other of [
    "{{ contact.name | upcase }}",
    "{{ x.y }}",
    "{{ contact }}",
    "{{ contact.name.size }}",
    "{{ 'contact.name' }}",
    "{% if contact.name == 'x' %}x{% endif %}",
    "{% if contact.name %}x{% else %}y{% endif %}",
    "{% unless contact.name %}x{% endunless %}",
  ])
    assert.equal(plain(other), undefined, other);
  const own = "{% assign contact = list %}{{ contact.name }}";
  assert.equal(preparePart(textEngine, own).render({ contact: { name: "Ada" }, list: { name: "Novità" } }), "Novità\n");
  assert.equal(textAt({ contact: { fields: ["a"] } }, ["contact", "fields", "0"]), undefined);
  assert.equal(escaped(`<a href="x">'&`), "&lt;a href=&#34;x&#34;&gt;&#39;&amp;");
});
