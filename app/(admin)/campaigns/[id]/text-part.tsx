"use client";
import { useRef } from "react";
import { Button } from "../../../_ui/button.tsx";
import { TextArea } from "../../../_ui/text-field.tsx";
import { useDraft } from "./draft-provider.tsx";

/** The text part: derived from the HTML while this field is empty, the author's own words once it is not. */
export function TextPart() {
  const { id, typed, round, edit, flush, words } = useDraft();
  const place = useRef<HTMLDivElement>(null);
  const derive = async () => {
    await flush();
    const area = place.current?.querySelector("textarea");
    const answer = await fetch(`/campaigns/${id}/preview?part=derived`).catch(() => undefined);
    if (!area || !answer?.ok) return;
    area.value = await answer.text();
    edit({ text: area.value });
    area.focus();
  };
  return (
    <details open={typed.text !== null}>
      <summary className="link-quiet inline-block min-h-6 text-table font-semibold">{words.text}</summary>
      <div ref={place} className="mt-3 space-y-3">
        <TextArea
          key={round}
          name="text"
          label={words.text}
          help={words.textHelp}
          optional
          rows={10}
          className="max-w-none font-mono"
          defaultValue={typed.text ?? ""}
          onChange={(event) =>
            edit({ text: event.currentTarget.value.trim() === "" ? null : event.currentTarget.value })
          }
        />
        <Button look="quiet" onClick={() => void derive()}>
          {words.textDerive}
        </Button>
      </div>
    </details>
  );
}
