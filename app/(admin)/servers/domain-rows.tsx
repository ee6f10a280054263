"use client";
import { useState } from "react";
import { Button } from "../../_ui/button.tsx";
import { FieldGroup } from "../../_ui/choices.tsx";
import { useField } from "../../_ui/form-context.tsx";
import type { DomainRow } from "./server-form.tsx";
import type { ServerWords } from "./server-words.ts";

const NAMES = ["domain", "domainMinute", "domainHour", "domainDay"] as const;

/** Limits of recipient domains: posted as four lists of one length. Rows left empty count for nothing; without script there is one at the end. */
export function DomainRows({ of, words }: { of: readonly DomainRow[]; words: ServerWords }) {
  const typed = [
    useField("domain[]").typed,
    useField("domainMinute[]").typed,
    useField("domainHour[]").typed,
    useField("domainDay[]").typed,
  ].map((text) => text?.split("\n"));
  const saved = of.map((row) => [row.domain, row.perMinute, row.perHour, row.perDay].map((part) => String(part ?? "")));
  const [more, setMore] = useState(1);
  const rows = typed[0]?.map((_, i) => typed.map((column) => column?.[i] ?? "")) ?? [
    ...saved,
    ...Array.from({ length: more }, () => ["", "", "", ""]),
  ];
  const labels = [words.domain, words.perMinute, words.perHour, words.perDay];
  return (
    <FieldGroup name="domainLimits" label={words.domains} help={words.domainsHelp} optional>
      {rows.map((row, i) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
          key={i}
          className="grid grid-cols-3 gap-2 border-l border-rule pl-3 sm:grid-cols-[2fr_1fr_1fr_1fr]"
        >
          <legend className="sr-only">{words.domainRow.replace("{n}", String(i + 1))}</legend>
          {NAMES.map((name, column) => (
            <label key={name} className="block text-note text-ink-2 max-sm:first-of-type:col-span-3">
              {labels[column]}
              <input
                {...{ type: "text", name: `${name}[]`, inputMode: column ? ("numeric" as const) : ("url" as const) }}
                defaultValue={row[column]}
                className="control"
              />
            </label>
          ))}
        </fieldset>
      ))}
      {!typed[0] && (
        <Button look="quiet" icon="plus" onClick={() => setMore(more + 1)}>
          {words.addDomain}
        </Button>
      )}
    </FieldGroup>
  );
}
