"use client";
import { type ReactNode, useId } from "react";
import { FieldErrors, FieldHelp } from "./field.tsx";
import { useField } from "./form-context.tsx";
import { useWords } from "./words.tsx";

type CheckboxProps = {
  name: string;
  children: ReactNode;
  help?: ReactNode;
  /** What is posted when it is ticked. */
  value?: string;
  defaultChecked?: boolean;
  disabled?: boolean;
  /** Several boxes of one name stand in a FieldGroup, which shows their errors. */
  grouped?: boolean;
  onChange?(ticked: boolean): void;
};

/** A box: posted as `value` ("on") when ticked, not at all when not. */
export function Checkbox({
  name,
  children,
  help,
  value = "on",
  defaultChecked,
  disabled,
  grouped,
  onChange,
}: CheckboxProps) {
  const { id: fieldId, errors, typed, again } = useField(name);
  const own = useId();
  const id = grouped ? own : fieldId;
  const described = [help && `${id}-help`, !grouped && errors.length > 0 && `${id}-error`].filter(Boolean).join(" ");
  const ticked = again ? (typed?.split("\n").includes(value) ?? false) : defaultChecked;
  return (
    <div className="max-w-text">
      <div className="grid grid-cols-[20px_minmax(0,1fr)] gap-x-2.5 touch:py-1.5">
        <input
          type="checkbox"
          {...{ id, name, value, disabled }}
          key={String(ticked)}
          defaultChecked={ticked}
          onChange={onChange && ((event) => onChange(event.currentTarget.checked))}
          aria-describedby={described || undefined}
          aria-invalid={errors.length > 0 && !grouped ? true : undefined}
          className="mt-px size-5 accent-accent"
        />
        <label htmlFor={id}>{children}</label>
        {help && (
          <div className="col-start-2">
            <FieldHelp id={id}>{help}</FieldHelp>
          </div>
        )}
      </div>
      {!grouped && <FieldErrors id={id} errors={errors} />}
    </div>
  );
}

export type Choice = { value: string; label: ReactNode; help?: ReactNode; disabled?: boolean };

type RadioProps = {
  name: string;
  label: ReactNode;
  help?: ReactNode;
  choices: readonly Choice[];
  defaultValue?: string | undefined;
  onChange?(value: string): void;
};

/** One of a few, all in sight. */
export function Radio({ name, label, help, choices, defaultValue, onChange }: RadioProps) {
  const { id, typed } = useField(name);
  const chosen = typed ?? defaultValue;
  return (
    <FieldGroup name={name} label={label} help={help}>
      {choices.map((choice) => (
        <div key={choice.value} className="grid grid-cols-[20px_minmax(0,1fr)] gap-x-2.5 touch:py-1.5">
          <input
            type="radio"
            id={`${id}-${choice.value}`}
            {...{ name, value: choice.value, disabled: choice.disabled }}
            key={String(chosen === choice.value)}
            defaultChecked={chosen === choice.value}
            onChange={onChange && (() => onChange(choice.value))}
            aria-describedby={choice.help ? `${id}-${choice.value}-help` : undefined}
            className="mt-px size-5 accent-accent"
          />
          <label htmlFor={`${id}-${choice.value}`}>{choice.label}</label>
          {choice.help && (
            <div className="col-start-2">
              <FieldHelp id={`${id}-${choice.value}`}>{choice.help}</FieldHelp>
            </div>
          )}
        </div>
      ))}
    </FieldGroup>
  );
}

type GroupProps = { name: string; label: ReactNode; help?: ReactNode; optional?: boolean; children: ReactNode };

/** Fields that belong together, with one label, help and errors (by the group's name). */
export function FieldGroup({ name, label, help, optional, children }: GroupProps) {
  const { id, errors } = useField(name);
  const words = useWords();
  const described = [help && `${id}-help`, errors.length > 0 && `${id}-error`].filter(Boolean).join(" ");
  return (
    <fieldset id={id} tabIndex={-1} aria-describedby={described || undefined} className="max-w-text">
      <legend className="mb-1 text-table font-semibold">
        {label}
        {optional && <span className="font-normal text-ink-2"> ({words.optional})</span>}
      </legend>
      {help && <FieldHelp id={id}>{help}</FieldHelp>}
      <div className="space-y-2">{children}</div>
      <FieldErrors id={id} errors={errors} />
    </fieldset>
  );
}
