"use client";
import type { ReactNode } from "react";
import { useField } from "./form-context.tsx";
import { useWords } from "./words.tsx";

export type FieldProps = {
  /** Name in the form and in the action's errors and values. */
  name: string;
  label: ReactNode;
  /** Where the reader will see it, or how to fill it in. Below the label. */
  help?: ReactNode;
  /** Marked as such; all others must be filled. */
  optional?: boolean;
  className?: string;
};

/** What the control inside a Field must carry. */
export type ControlProps = { id: string; name: string; "aria-describedby"?: string; "aria-invalid"?: true };

/**
 * Label above, help below the label, errors under the control. `children` makes the control from the props that it must carry and what was
 * typed before an error. The others (TextField, Select …) are this one with a control in it.
 */
export function Field({
  name,
  label,
  help,
  optional,
  className = "",
  children,
}: FieldProps & { children(control: ControlProps, typed: string | undefined): ReactNode }) {
  const { id, errors, typed } = useField(name);
  const words = useWords();
  const described = [help && `${id}-help`, errors.length > 0 && `${id}-error`].filter(Boolean).join(" ");
  const control: ControlProps = {
    id,
    name,
    ...(described ? { "aria-describedby": described } : {}),
    ...(errors.length > 0 ? { "aria-invalid": true as const } : {}),
  };
  return (
    <div className={`max-w-text ${className}`}>
      <label htmlFor={id} className="mb-1 block text-table font-semibold">
        {label}
        {optional && <span className="font-normal text-ink-2"> ({words.optional})</span>}
      </label>
      {help && <FieldHelp id={id}>{help}</FieldHelp>}
      {children(control, typed)}
      <FieldErrors id={id} errors={errors} />
    </div>
  );
}

export function FieldHelp({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={`${id}-help`} className="mb-1.5 text-note text-ink-2">
      {children}
    </p>
  );
}

export function FieldErrors({ id, errors }: { id: string; errors: string[] }) {
  if (errors.length === 0) return null;
  return (
    <p id={`${id}-error`} className="mt-1.5 text-note font-semibold text-bad">
      {errors.join(" ")}
    </p>
  );
}
