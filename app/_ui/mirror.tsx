"use client";
import { createContext, Fragment, type ReactNode, useContext, useState } from "react";

const Typed = createContext<Record<string, string>>({});

type MirrorProps = { children: ReactNode /** What the fields begin with, by name. */; initial: Record<string, string> };

/** Watches the fields inside: `Mirrored` and `MirroredChoice` show what is typed, as readers will see it. */
export function Mirror({ children, initial }: MirrorProps) {
  const [typed, setTyped] = useState(initial);
  return (
    <Typed.Provider value={typed}>
      {/* It listens alone: what is typed bubbles up to it. */}
      <div
        onInput={({ target }) => {
          const { name, value } = target as HTMLInputElement;
          if (name) setTyped((before) => ({ ...before, [name]: value }));
        }}
      >
        {children}
      </div>
    </Typed.Provider>
  );
}

type MirroredProps = {
  /** A text with `⟦name⟧` where the field of that name stands. */
  text: string;
  /** What stands there while the field is empty. */
  blanks: Record<string, string>;
};

/** A text with what is typed in it. Paragraphs are divided by empty lines. */
export function Mirrored({ text, blanks }: MirroredProps) {
  const typed = useContext(Typed);
  const parts = text.split(/⟦(\w+)⟧/);
  return (
    <span className="whitespace-pre-line [overflow-wrap:anywhere]">
      {parts.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text keep their places
        <Fragment key={i}>
          {i % 2 === 0 ? part : <Token typed={typed[part]?.trim()} blank={blanks[part] ?? part} />}
        </Fragment>
      ))}
    </span>
  );
}

function Token({ typed, blank }: { typed: string | undefined; blank: string }) {
  return typed ? <b>{typed}</b> : <i className="text-ink-3">{blank}</i>;
}

/** Of several, the one whose key is what the field of that name says. */
export function MirroredChoice({ by, of }: { by: string; of: Record<string, ReactNode> }) {
  const chosen = useContext(Typed)[by] ?? "";
  return <>{of[chosen] ?? Object.values(of)[0]}</>;
}
