"use client";
import { useEffect, useState } from "react";
import { useWords } from "./words.tsx";

/** The number of an entry; a press copies it. */
export function Serial({ value }: { value: string }) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className="whitespace-nowrap rounded-tag text-ink-3 hover:text-ink hover:underline touch:min-h-6"
      title={words.copy}
      onClick={() =>
        navigator.clipboard?.writeText(value).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }
    >
      {value}
      <span role="status" className="sr-only">
        {copied ? words.copied : ""}
      </span>
    </button>
  );
}
