"use client";
import { useHydrated } from "../../../_ui/hydrated.ts";
import { useDraft } from "./draft-provider.tsx";

/** What may be printed of the reader, the list, the organization: its name for people and what stands for it. */
export type MergeField = { label: string; code: string };

/** The fields that a template may print; a press puts one where the cursor stands in the code. */
export function FieldList({ fields, onInsert }: { fields: MergeField[]; onInsert(code: string): void }) {
  const { words } = useDraft();
  const hydrated = useHydrated();
  return (
    <details>
      <summary className="link-quiet inline-block min-h-6 text-table font-semibold">{words.fields}</summary>
      <p className="mt-2 max-w-text text-note text-ink-2">{words.fieldsHelp}</p>
      <ul className="mt-2 grid gap-x-6 text-table sm:grid-cols-2">
        {fields.map(({ label, code }) => (
          <li
            key={code}
            className="flex min-h-8 flex-wrap items-baseline justify-between gap-x-3 border-t border-rule py-1"
          >
            {hydrated ? (
              <button type="button" className="link-quiet min-h-6 text-left" onClick={() => onInsert(code)}>
                {label}
              </button>
            ) : (
              <span>{label}</span>
            )}
            <code className="font-mono text-note text-ink-2 [overflow-wrap:anywhere]">{code}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
