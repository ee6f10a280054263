import { SubmitButton } from "../../_ui/submit-button.tsx";
import { TextField } from "../../_ui/text-field.tsx";

/** Goes to the entry of a number, as it stands on a paper: with or without points. */
export function NumberForm({ label, help, submit, typed }: Record<"label" | "help" | "submit" | "typed", string>) {
  return (
    <search>
      <form action="/register" method="get" className="flex flex-wrap items-end gap-3">
        <TextField
          name="n"
          label={label}
          help={help}
          defaultValue={typed}
          inputMode="numeric"
          autoComplete="off"
          maxLength={40}
          className="w-full sm:w-60"
        />
        <SubmitButton look="plain">{submit}</SubmitButton>
      </form>
    </search>
  );
}
