import type { ReactNode } from "react";

type Props = {
  title: string;
  help?: string;
  lang: "it" | "en";
  children: ReactNode;
  className?: string;
};

/** What is being written, as people will read it, beside the fields. */
export function PreviewFigure({ title, help, lang, children, className = "" }: Props) {
  return (
    <figure className={className}>
      <figcaption className="mb-1 text-table font-semibold">{title}</figcaption>
      {help && <p className="mb-1.5 text-note text-ink-2">{help}</p>}
      <div lang={lang} className="rounded-sheet border border-rule bg-paper p-4 [overflow-wrap:anywhere]">
        {children}
      </div>
    </figure>
  );
}
