"use client";
import type { ReactNode } from "react";
import { Field, type FieldProps } from "./field.tsx";
import { Icon } from "./icon.tsx";

export type Option = { value: string; label: string; disabled?: boolean };

type Props = FieldProps & {
  options: readonly Option[];
  defaultValue?: string | undefined;
  /** First option with an empty value: what is to be chosen. */
  choose?: string;
  required?: boolean;
  onChange?(value: string): void;
  after?: ReactNode;
};

/** One of a few: the machine's own list, which phones show their own way. */
export function Select({ options, defaultValue, choose, required, onChange, after, ...field }: Props) {
  return (
    <Field {...field}>
      {(control, typed) => (
        <span className="flex items-center gap-2">
          <span className="relative block min-w-0 flex-1">
            <select
              // Made anew when an action gave back another choice: React sets the choice of a list only once.
              key={typed}
              {...control}
              defaultValue={typed ?? defaultValue ?? ""}
              required={required}
              onChange={onChange && ((event) => onChange(event.target.value))}
              className="control appearance-none pr-9"
            >
              {choose !== undefined && <option value="">{choose}</option>}
              {options.map(({ value, label, disabled }) => (
                <option key={value} value={value} disabled={disabled}>
                  {label}
                </option>
              ))}
            </select>
            <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-ink-2">
              <Icon name="chevron-down" size={16} />
            </span>
          </span>
          {after && <span className="shrink-0 text-ink-2">{after}</span>}
        </span>
      )}
    </Field>
  );
}
