"use client";
import { useId, useRef } from "react";
import { TextArea } from "../../../../_ui/text-field.tsx";

/** Lines of a log, pasted, or read from a file of this computer into the same field: what is sent is seen before. */
export function LogField({ words }: { words: { label: string; help: string; file: string } }) {
  const place = useRef<HTMLDivElement>(null);
  const id = useId();
  const read = async (file: File | undefined) => {
    const area = place.current?.querySelector("textarea");
    if (file && area) area.value = await file.text();
  };
  return (
    <div ref={place} className="space-y-3">
      <TextArea name="log" label={words.label} help={words.help} rows={6} spellCheck={false} required />
      <p className="text-table">
        <label htmlFor={id} className="mb-1 block font-semibold">
          {words.file}
        </label>
        <input
          id={id}
          type="file"
          accept=".log,.txt,text/plain"
          onChange={(event) => void read(event.currentTarget.files?.[0])}
          className="max-w-full file:mr-3 file:button"
        />
      </p>
    </div>
  );
}
