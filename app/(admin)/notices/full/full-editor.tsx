"use client";
import { useRef, useState } from "react";
import { Button } from "../../../_ui/button.tsx";
import { PreviewFigure } from "../../../_ui/preview-figure.tsx";
import { TextArea } from "../../../_ui/text-field.tsx";
import { TextBlocks } from "../../../_ui/text-preview.tsx";

type Props = {
  body: string;
  proposed: string;
  lang: "it" | "en";
  texts: Record<"label" | "help" | "preview" | "restore", string>;
};

/** The notice as text, and beside it as people will read it. */
export function FullEditor({ body, proposed, lang, texts }: Props) {
  const [shown, setShown] = useState(body);
  const place = useRef<HTMLDivElement>(null);
  const restore = () => {
    const area = place.current?.querySelector("textarea");
    if (area) area.value = proposed;
    setShown(proposed);
  };
  return (
    <div className="grid items-start gap-x-7 gap-y-5 lg:grid-cols-2">
      <div ref={place} className="space-y-5">
        <TextArea
          name="body"
          label={texts.label}
          help={texts.help}
          defaultValue={body}
          rows={24}
          maxLength={60000}
          lang={lang}
          onInput={(event) => setShown(event.currentTarget.value)}
        />
        {shown !== proposed && (
          <Button look="quiet" icon="refresh" onClick={restore}>
            {texts.restore}
          </Button>
        )}
      </div>
      <PreviewFigure title={texts.preview} lang={lang}>
        <TextBlocks body={shown} />
      </PreviewFigure>
    </div>
  );
}
