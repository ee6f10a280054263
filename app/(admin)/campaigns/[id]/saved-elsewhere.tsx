"use client";
import { useField } from "../../../_ui/form-context.tsx";
import { Notice } from "../../../_ui/notice.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { useDraft } from "./draft-provider.tsx";

/** Without script: the form stays as it was typed, what the other one saved stands here, and a second button saves over it (B95). */
export function SavedElsewhere() {
  const { words } = useDraft();
  const { typed: version } = useField("theirVersion");
  const { typed: text } = useField("theirText");
  if (!version) return null;
  return (
    <div className="space-y-3">
      <Notice tone="warn" title={words.conflict}>
        {words.conflictAbout}
      </Notice>
      <figure>
        <figcaption className="mb-1 text-table font-semibold">{words.theirs}</figcaption>
        <textarea
          readOnly
          aria-label={words.theirs}
          rows={12}
          className="control font-mono text-note"
          defaultValue={text}
        />
      </figure>
      <SubmitButton look="plain" name="over" value={version}>
        {words.keepMine}
      </SubmitButton>
    </div>
  );
}
