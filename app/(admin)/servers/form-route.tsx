"use client";
import { Select } from "../../_ui/select.tsx";
import { TextField } from "../../_ui/text-field.tsx";
import type { ServerDefaults } from "./server-form.tsx";
import { hints } from "./server-hints.ts";
import type { ServerWords } from "./server-words.ts";

export type PartProps = {
  now: ServerDefaults;
  set(change: Partial<ServerDefaults>): void;
  words: ServerWords;
};

/** Where the server is, and how the way there is encrypted. */
export function FormRoute({ now, set, words, example }: PartProps & { example?: string | undefined }) {
  const said = hints(now).map((hint) => words.hints[hint]);
  return (
    <>
      <TextField name="name" label={words.name} help={words.nameHelp} defaultValue={now.name} required />
      <div className="grid max-w-text gap-5 sm:grid-cols-[minmax(0,1fr)_12rem]">
        <TextField
          {...{
            name: "host",
            label: words.host,
            help: words.hostHelp.replace("{example}", example ?? "mail.esempio.it"),
          }}
          defaultValue={now.host}
          required
        />
        <TextField
          {...{ name: "port", label: words.port, help: words.portHelp, inputMode: "numeric" }}
          defaultValue={now.port}
          onChange={(event) => set({ port: Number(event.currentTarget.value) })}
          required
        />
      </div>
      <Select
        name="encryption"
        label={words.encryption}
        defaultValue={now.encryption}
        onChange={(encryption) => set({ encryption: encryption as ServerDefaults["encryption"] })}
        options={(["starttls", "tls", "none"] as const).map((value) => ({ value, label: words[value] }))}
      />
      <div role="status" className="empty:hidden">
        {said.length > 0 && (
          <ul className="max-w-text list-disc space-y-1 pl-5 text-table text-ink-2">
            {said.map((hint) => (
              <li key={hint}>{hint}</li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}
