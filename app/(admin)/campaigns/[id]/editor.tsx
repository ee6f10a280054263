"use client";
import { type ReactNode, useContext, useRef } from "react";
import { ActionForm } from "../../../_ui/action-form.tsx";
import type { FormAction } from "../../../_ui/action-state.ts";
import { Button } from "../../../_ui/button.tsx";
import { FormContext } from "../../../_ui/form-context.tsx";
import { TextField } from "../../../_ui/text-field.tsx";
import { useDraft } from "./draft-provider.tsx";
import { FieldList, type MergeField } from "./field-list.tsx";
import { MjmlField } from "./mjml-field.tsx";
import { SavedElsewhere } from "./saved-elsewhere.tsx";
import { TextPart } from "./text-part.tsx";

type Props = {
  action: FormAction;
  fields: MergeField[];
};

/** What a campaign says: head, MJML, text part. One form: with script it saves itself, without by its button. */
export function Editor({ action, fields }: Props) {
  const { id, version, round, flush, words } = useDraft();
  const insert = useRef<(text: string) => void>(undefined);
  return (
    <ActionForm action={action} id="draft">
      <WithSaveErrors>
        <input type="hidden" name="campaign" value={id} />
        <input type="hidden" name="version" value={version} />
        <SavedElsewhere />
        <div key={round} className="space-y-5">
          <Line part="name" required />
          <Line part="subject" />
          <Line part="preheader" />
          <div className="grid gap-5 sm:grid-cols-2">
            <Line part="fromName" optional />
            <Line part="replyTo" optional type="email" />
          </div>
        </div>
        <FieldList fields={fields} onInsert={(text) => insert.current?.(text)} />
        <MjmlField
          onReady={(how) => {
            insert.current = how;
          }}
        />
        <TextPart />
        <Button
          type="submit"
          onClick={(event) => {
            event.preventDefault();
            void flush();
          }}
        >
          {words.save}
        </Button>
      </WithSaveErrors>
    </ActionForm>
  );
}

type LineProps = {
  part: "name" | "subject" | "preheader" | "fromName" | "replyTo";
  required?: boolean;
  optional?: boolean;
  type?: string;
};

function Line({ part, ...more }: LineProps) {
  const { typed, edit, words } = useDraft();
  return (
    <TextField
      {...more}
      name={part}
      label={words[part]}
      help={words[`${part}Help`]}
      defaultValue={typed[part] ?? ""}
      onChange={(event) => edit({ [part]: event.currentTarget.value })}
    />
  );
}

/** What the saver was told about a field stands under it, as what the form's own action says does. */
function WithSaveErrors({ children }: { children: ReactNode }) {
  const { state } = useDraft();
  const form = useContext(FormContext);
  if (state.kind !== "refused") return children;
  const errors = Object.fromEntries(Object.entries(state.errors).map(([field, said]) => [field, [said]]));
  return <FormContext.Provider value={{ ...form, state: { ...form.state, errors } }}>{children}</FormContext.Provider>;
}
