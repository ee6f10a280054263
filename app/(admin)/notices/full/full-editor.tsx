"use client";
import { useRef, useState } from "react";
import { Button } from "../../../_ui/button.tsx";
import { TextArea } from "../../../_ui/text-field.tsx";

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
      <figure>
        <figcaption className="mb-1 text-table font-semibold">{texts.preview}</figcaption>
        <div lang={lang} className="space-y-2.5 rounded-sheet border border-rule bg-paper p-4 [overflow-wrap:anywhere]">
          {shown
            .split(/\n{2,}/)
            .map((text) => text.trim())
            .filter(Boolean)
            .map((text, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have no other identity
              <Paragraph key={i} text={text} />
            ))}
        </div>
      </figure>
    </div>
  );
}

function Paragraph({ text }: { text: string }) {
  if (text.startsWith("## ")) return <p className="pt-1.5 font-semibold">{text.slice(3)}</p>;
  const lines = text.split("\n");
  if (!lines.every((line) => line.startsWith("- "))) return <p className="whitespace-pre-line">{text}</p>;
  return (
    <ul className="list-disc space-y-1 pl-5">
      {lines.map((line) => (
        <li key={line}>{line.slice(2)}</li>
      ))}
    </ul>
  );
}
