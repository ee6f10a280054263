"use client";
import { type ReactNode, useEffect, useState } from "react";
import type { Look } from "./button.tsx";
import { usePending } from "./form-context.tsx";
import { useWords } from "./words.tsx";

type Props = {
  /** Verb, object and count: "Programma 2.964 invii". */
  children: ReactNode;
  look?: Look;
  /** Posted with the form where it has several buttons. */
  name?: string;
  value?: string;
  className?: string;
};

/** Sends its form. Never disabled: while the answer is awaited it says so, and a second press does nothing. */
export function SubmitButton({ children, look = "primary", name, value, className = "" }: Props) {
  const pending = usePending();
  const words = useWords();
  const slow = useSlow(pending);
  return (
    <button
      type="submit"
      {...{ name, value }}
      data-look={look}
      aria-disabled={pending || undefined}
      className={`button ${className}`}
    >
      {children}
      {slow && (
        <span aria-hidden="true" className="font-normal">
          · {words.pending}
        </span>
      )}
      <span role="status" className="sr-only">
        {pending ? words.pending : ""}
      </span>
    </button>
  );
}

/** Below this an answer is at once; what takes longer says that it is under way. */
const AT_ONCE = 300;

function useSlow(pending: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!pending) return setSlow(false);
    const timer = setTimeout(() => setSlow(true), AT_ONCE);
    return () => clearTimeout(timer);
  }, [pending]);
  return slow;
}
