"use client";
import { useState } from "react";
import { Button } from "./button.tsx";
import { FieldGroup } from "./choices.tsx";
import { useField } from "./form-context.tsx";

type Row = { name: string; country: string; safeguard?: string };
type Words = {
  label: string;
  help: string;
  name: string;
  country: string;
  safeguard: string;
  row: string;
  add: string;
};

/**
 * Who processes mail for the organization, and where: posted as three lists of one length. Rows left empty count for nothing; without script
 * there is one empty row at the end.
 */
export function ProcessorRows({ of, words }: { of: readonly Row[]; words: Words }) {
  const [names, countries, safeguards] = [
    useField("processorName[]"),
    useField("processorCountry[]"),
    useField("processorSafeguard[]"),
  ];
  const typed = names.typed?.split("\n").map((name, i) => ({
    ...{ name, country: countries.typed?.split("\n")[i] ?? "", safeguard: safeguards.typed?.split("\n")[i] ?? "" },
  }));
  const rows: readonly Row[] = typed ?? [...of, { name: "", country: "" }];
  const [more, setMore] = useState(0);
  const blank: Row = { name: "", country: "" };
  return (
    <FieldGroup name="processors" label={words.label} help={words.help} optional>
      {[...rows, ...Array.from({ length: more }, () => blank)].map((row, i) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
          key={i}
          className="grid gap-2 border-l border-rule pl-3 sm:grid-cols-[2fr_1fr_2fr]"
        >
          <legend className="sr-only">{words.row.replace("{n}", String(i + 1))}</legend>
          <Part name="processorName[]" label={words.name} value={row.name} id={`${names.id}-${i}`} />
          <Part name="processorCountry[]" label={words.country} value={row.country} id={`${countries.id}-${i}`} />
          <Part
            name="processorSafeguard[]"
            label={words.safeguard}
            value={row.safeguard ?? ""}
            id={`${safeguards.id}-${i}`}
          />
        </fieldset>
      ))}
      <Button look="quiet" icon="plus" onClick={() => setMore(more + 1)}>
        {words.add}
      </Button>
    </FieldGroup>
  );
}

function Part({ name, label, value, id }: { name: string; label: string; value: string; id: string }) {
  return (
    <div>
      <label htmlFor={id} className="block text-note text-ink-2">
        {label}
      </label>
      <input type="text" {...{ id, name }} defaultValue={value} className="control" />
    </div>
  );
}
