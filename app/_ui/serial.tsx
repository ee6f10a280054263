"use client";
import { useCopy } from "./use-copy.ts";
import { useWords } from "./words.tsx";

/** The number of an entry; a press copies it. */
export function Serial({ value }: { value: string }) {
  const words = useWords();
  const { copied, copy } = useCopy();
  return (
    <button
      type="button"
      className="whitespace-nowrap rounded-tag text-ink-3 hover:text-ink hover:underline touch:min-h-6"
      title={words.copy}
      onClick={() => copy(value)}
    >
      {value}
      <span role="status" className="sr-only">
        {copied ? words.copied : ""}
      </span>
    </button>
  );
}
