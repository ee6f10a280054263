import assert from "node:assert/strict";
import { test } from "node:test";
import { contextOf, htmlEngine, renderTemplates, textEngine } from "./liquid.ts";
import { analyzeLiquid } from "./liquid-analysis.ts";

const codes = (source: string, o = {}) =>
  analyzeLiquid(source, o).findings.map(({ code, facts }) => ({ code, ...facts }));
const run = (source: string, values: object = {}) =>
  renderTemplates(textEngine, textEngine.parse(source), contextOf(textEngine, values));

test("names come with their place and whether somebody who lacks them reads something else", () => {
  const { variables } = analyzeLiquid(
    'Ciao {{ contact.name | default: "lettore" }}\n{% if contact.fields.city == "Roma" %}{{ contact.first_name | upcase }}{% endif %}',
  );
  assert.deepEqual(variables, [
    { name: "contact.name", row: 1, column: 9, hasDefault: true },
    { name: "contact.fields.city", row: 2, column: 7, hasDefault: false },
    { name: "contact.first_name", row: 2, column: 42, hasDefault: false },
  ]);
});

test("a name that nobody has is an error, with the one that was meant (B41)", () => {
  assert.deepEqual(codes("{{ contact.nmae }}"), [
    { code: "variable_meant", name: "contact.nmae", meant: "contact.name" },
  ]);
  assert.deepEqual(codes("{{ links.unsuscribe }} {{ nome }}"), [
    { code: "variable_meant", name: "links.unsuscribe", meant: "links.unsubscribe" },
    { code: "variable_meant", name: "nome", meant: "contact.name" },
  ]);
  for (const name of ["env", "process.env.HOME", "constructor", "contact.email", "contact[x]", "org", "global"])
    assert.match(codes(`{{ ${name} }}`)[0]?.code ?? "", /^variable_/, name);
  assert.deepEqual(codes("{{ contact.fields.city }}", { fields: ["città", "city"] }), []);
  assert.deepEqual(codes("{{ contact.fields.citi }}", { fields: ["city"] }), [
    { code: "variable_meant", name: "contact.fields.citi", meant: "contact.fields.city" },
  ]);
  assert.equal(codes("{{ links.browser }}").length, 1);
  assert.deepEqual(codes("{{ links.browser }}", { browser: true }), []);
  assert.equal(codes("{{ campaign.subject }}", { part: "subject" }).length, 1);
  assert.deepEqual(codes("{% for x in contact.fields.tags %}{{ x }}{% endfor %}"), []);
});

test("tags and filters that are not on the list do not exist: no file is read, no escape switched off (B38, B39)", () => {
  for (const tag of [
    "include '/etc/passwd'",
    "render 'a'",
    "layout 'a'",
    "raw",
    "echo x",
    "liquid",
    "increment a",
    "tablerow x",
  ])
    assert.equal(codes(`{% ${tag} %}`)[0]?.code, "liquid_tag_unknown", tag);
  for (const filter of [
    "raw",
    "date: '%s'",
    "json",
    "inspect",
    "where: 'a'",
    "sample",
    "newline_to_br",
    "base64_decode",
  ])
    assert.equal(codes(`{{ contact.name | ${filter} }}`)[0]?.code, "liquid_filter_unknown", filter);
});

test("what does not parse says where", () => {
  const [open] = analyzeLiquid("a\nb {{ contact.name").findings;
  assert.deepEqual([open?.code, open?.line, open?.column], ["liquid_not_closed", 2, 3]);
  assert.equal(codes("{% if contact.name %}")[0]?.code, "liquid_not_closed");
  assert.equal(codes("{% if contact.name = 1 %}{% endif %}")[0]?.code, "liquid_syntax");
  assert.equal(codes("x".repeat(1_000_001))[0]?.code, "liquid_too_long");
  assert.equal(codes("{% if contact.name %}".repeat(20_000)).length, 1);
});

test("the ways out of an engine print nothing (B39)", () => {
  const values = { contact: { name: "x", fields: {} } };
  for (const name of [
    "constructor",
    '"".__proto__',
    "contact.__proto__.constructor",
    "contact.name.constructor",
    "contact.constructor",
  ])
    assert.equal(run(`{{ ${name} }}`, values), "", name);
});

test("loops, repetition and growth end in two seconds (B40)", () => {
  const grow = `{% assign a = "${"x".repeat(1000)}" %}${"{% assign a = a | append: a %}".repeat(40)}{{ a | size }}`;
  const hostile = [
    "{% for i in (1..1000000000) %}x{% endfor %}",
    "{% for i in (1..3000) %}{% for j in (1..3000) %}{% for k in (1..3000) %}x{% endfor %}{% endfor %}{% endfor %}",
    grow,
    `{{ "${"a".repeat(50_000)}" | replace: "a", "${"b".repeat(50_000)}" }}`,
  ];
  for (const source of hostile) {
    const started = process.hrtime.bigint();
    assert.throws(() => run(source), /limit exceeded/, source.slice(0, 60));
    assert.ok(process.hrtime.bigint() - started < 2_000_000_000n, source.slice(0, 60));
  }
});

test("HTML is escaped, text is not, and a condition holds in both", () => {
  const source = '{% if contact.name == "<b>" %}{{ contact.name }}{% else %}no{% endif %}';
  const values = { contact: { name: "<b>" } };
  assert.equal(renderTemplates(htmlEngine, htmlEngine.parse(source), contextOf(htmlEngine, values)), "&lt;b&gt;");
  assert.equal(run(source, values), "<b>");
});
