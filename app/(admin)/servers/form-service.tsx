"use client";
import { FoldedFields } from "../../_ui/folded-fields.tsx";
import { TextArea, TextField } from "../../_ui/text-field.tsx";
import type { ServerDefaults } from "./server-form.tsx";
import type { ServerWords } from "./server-words.ts";

/** What is kept of the service: until when it is paid for, where it is renewed, from which addresses it sends. */
export function FormService({ now, words }: { now: ServerDefaults; words: ServerWords }) {
  return (
    <>
      <div className="grid max-w-text gap-5 sm:grid-cols-2">
        <TextField
          {...{ name: "expiresOn", type: "date", label: words.expiresOn, help: words.expiresHelp }}
          defaultValue={now.expiresOn ?? ""}
          optional
        />
        <TextField
          {...{ name: "renewUrl", type: "url", label: words.renewUrl, help: words.renewHelp }}
          defaultValue={now.renewUrl ?? ""}
          optional
        />
      </div>
      <FoldedFields title={words.ips} names={["ips"]} open={now.ips.length > 0}>
        <TextArea
          {...{ name: "ips", label: words.ips, help: words.ipsHelp, rows: 2 }}
          defaultValue={now.ips.join("\n")}
          optional
        />
      </FoldedFields>
    </>
  );
}
