"use client";
import { useRef, useState } from "react";
import type { EditableWords } from "../../../../../lib/notices/types.ts";
import { Button } from "../../../../_ui/button.tsx";
import { PreviewFigure } from "../../../../_ui/preview-figure.tsx";
import { TextArea } from "../../../../_ui/text-field.tsx";

type Texts = Record<
  "box" | "boxHelp" | "notice" | "noticeHelp" | "preview" | "previewHelp" | "restore" | "fullNotice",
  string
>;

type Props = { words: EditableWords; proposed: EditableWords; lang: "it" | "en"; texts: Texts };

/** The two texts that people write, and beside them the form as it will look. Without script they are written all the same. */
export function WordsEditor({ words, proposed, lang, texts }: Props) {
  const [shown, setShown] = useState(words);
  const place = useRef<HTMLDivElement>(null);
  const follow = (event: { target: EventTarget }) => {
    const { name, value } = event.target as HTMLTextAreaElement;
    if (name === "consentBox" || name === "shortNotice") setShown((now) => ({ ...now, [name]: value }));
  };
  const restore = () => {
    for (const area of place.current?.querySelectorAll("textarea") ?? [])
      area.value = proposed[area.name as keyof EditableWords];
    setShown(proposed);
  };
  const same = shown.consentBox === proposed.consentBox && shown.shortNotice === proposed.shortNotice;
  return (
    <div className="grid items-start gap-x-7 gap-y-5 lg:grid-cols-2">
      <div ref={place} className="space-y-5" onInput={follow}>
        <TextArea
          name="consentBox"
          label={texts.box}
          help={texts.boxHelp}
          defaultValue={words.consentBox}
          rows={3}
          maxLength={1000}
          lang={lang}
        />
        <TextArea
          name="shortNotice"
          label={texts.notice}
          help={texts.noticeHelp}
          defaultValue={words.shortNotice}
          rows={10}
          maxLength={8000}
          lang={lang}
        />
        {!same && (
          <Button look="quiet" icon="refresh" onClick={restore}>
            {texts.restore}
          </Button>
        )}
      </div>
      <PreviewFigure title={texts.preview} help={texts.previewHelp} lang={lang} className="lg:sticky lg:top-5">
        <p className="mb-4 whitespace-pre-line text-note text-ink-2">
          {shown.shortNotice} <span className="text-accent underline">{texts.fullNotice}</span>
        </p>
        <p className="grid grid-cols-[20px_minmax(0,1fr)] gap-x-2.5">
          <span aria-hidden="true" className="mt-0.5 size-4.5 rounded-tag border border-rule-strong bg-surface" />
          <span>{shown.consentBox}</span>
        </p>
      </PreviewFigure>
    </div>
  );
}
