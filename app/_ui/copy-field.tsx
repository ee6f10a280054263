"use client";
import { type ReactNode, useId } from "react";
import { Icon } from "./icon.tsx";
import { useCopy } from "./use-copy.ts";
import { useWords } from "./words.tsx";

type CopyProps = { text: string; label?: ReactNode; className?: string };

/** Copies a text; says so on itself. */
export function CopyButton({ text, label, className = "button" }: CopyProps) {
  const words = useWords();
  const { copied, copy } = useCopy();
  return (
    <button type="button" onClick={() => copy(text)} className={`${className} shrink-0`}>
      <Icon name={copied ? "check" : "copy"} size={16} />
      <span aria-live="polite">{copied ? words.copied : (label ?? words.copy)}</span>
    </button>
  );
}

type FieldProps = { label: ReactNode; value: string; help?: ReactNode };

/** A value to be pasted elsewhere: a DNS record, a link. Selected as a whole when entered. */
export function CopyField({ label, value, help }: FieldProps) {
  const id = useId();
  return (
    <div className="max-w-text">
      <label htmlFor={id} className="mb-1 block text-table font-semibold">
        {label}
      </label>
      {help && (
        <p id={`${id}-help`} className="mb-1.5 text-note text-ink-2">
          {help}
        </p>
      )}
      <div className="flex gap-2">
        <input
          id={id}
          readOnly
          value={value}
          aria-describedby={help ? `${id}-help` : undefined}
          onFocus={(event) => event.currentTarget.select()}
          className="control min-w-0 flex-1 font-mono text-note"
        />
        <CopyButton text={value} />
      </div>
    </div>
  );
}

/** Code or a raw answer, as it is; scrolls sideways. `label` names it. */
export function CodeBlock({ label, children }: { label: string; children: string }) {
  return (
    <figure className="max-w-full">
      <figcaption className="mb-1 flex items-center justify-between gap-3 text-table">
        <span className="font-semibold">{label}</span>
        <CopyButton
          text={children}
          className="button -my-1 min-h-8 border-transparent bg-transparent px-2 text-accent"
        />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto rounded-sheet border border-rule bg-paper p-3 font-mono text-note">
        <code>{children}</code>
      </pre>
    </figure>
  );
}
