"use client";
import type { ComponentProps, ReactNode } from "react";
import { Field, type FieldProps } from "./field.tsx";

type Shared = FieldProps & { defaultValue?: string | number | undefined; placeholder?: never };
type Input = Omit<ComponentProps<"input">, keyof FieldProps | "defaultValue" | "placeholder" | "children">;

type TextProps = Shared &
  Input & {
    /** After the field: a unit, "@esempio.it". */
    after?: ReactNode;
    /** For a few characters: a number, a code. */
    narrow?: boolean;
  };

/** One line of text. Any attribute of `<input>` may be given (type, autoComplete, inputMode, maxLength, readOnly …). */
export function TextField({
  name,
  label,
  help,
  optional,
  className,
  defaultValue,
  after,
  narrow,
  ...input
}: TextProps) {
  return (
    <Field {...{ name, label, help }} {...flags({ optional, className })}>
      {(control, typed) => (
        <span className="flex items-center gap-2">
          <input
            type="text"
            {...input}
            {...control}
            defaultValue={typed ?? defaultValue}
            className={`control ${narrow ? "max-w-36" : ""}`}
          />
          {after && <span className="shrink-0 text-ink-2">{after}</span>}
        </span>
      )}
    </Field>
  );
}

/** A whole number; `after` is its unit ("al giorno"). A field of text: the browser's own for numbers posts nothing for what it cannot read, as if it were left empty. */
export function NumberField(props: Omit<TextProps, "type" | "min" | "max" | "step">) {
  return <TextField inputMode="numeric" autoComplete="off" {...props} narrow />;
}

type Area = Omit<ComponentProps<"textarea">, keyof FieldProps | "defaultValue" | "placeholder" | "children">;

/** Several lines. Grows with what is typed where the browser can. */
export function TextArea({ name, label, help, optional, className, defaultValue, rows = 4, ...area }: Shared & Area) {
  return (
    <Field {...{ name, label, help }} {...flags({ optional, className })}>
      {(control, typed) => (
        <textarea
          rows={rows}
          {...area}
          {...control}
          defaultValue={typed ?? defaultValue}
          className={`control field-sizing-content max-h-[60vh] ${rows > 6 ? "min-h-56" : rows > 3 ? "min-h-28" : "min-h-20"}`}
        />
      )}
    </Field>
  );
}

function flags({ optional, className }: { optional: boolean | undefined; className: string | undefined }) {
  return { ...(optional ? { optional } : {}), ...(className ? { className } : {}) };
}
