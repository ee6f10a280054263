"use client";
import { useState } from "react";
import { Field, type FieldProps } from "./field.tsx";
import { Icon } from "./icon.tsx";
import { useWords } from "./words.tsx";

type Props = FieldProps & { autoComplete: "new-password" | "current-password" | "off"; required?: boolean };

/** A password, which can be shown. Never given back by an action. */
export function PasswordField({ autoComplete, required, ...field }: Props) {
  const words = useWords();
  const [shown, setShown] = useState(false);
  return (
    <Field {...field}>
      {(control) => (
        <span className="relative block">
          <input
            {...control}
            type={shown ? "text" : "password"}
            autoComplete={autoComplete}
            required={required}
            spellCheck={false}
            autoCapitalize="none"
            className="control pr-12"
          />
          <button
            type="button"
            aria-pressed={shown}
            aria-label={shown ? words.hide : words.show}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-0 right-0 flex w-11 items-center justify-center text-ink-2 hover:text-ink"
          >
            <Icon name={shown ? "eye-off" : "eye"} />
          </button>
        </span>
      )}
    </Field>
  );
}
