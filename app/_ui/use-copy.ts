"use client";
import { useEffect, useRef, useState } from "react";

const SHOWN = 2000;

/** Copies a text; `copied` holds for two seconds after it worked. */
export function useCopy(): { copied: boolean; copy(text: string): void } {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (text: string) => {
    setCopied(await copyText(text));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), SHOWN);
  };
  return { copied, copy: (text) => void copy(text) };
}

/** Over plain http browsers keep the newer way for themselves: then the older one. @returns whether it worked */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "sr-only";
    const before = document.activeElement as HTMLElement | null;
    document.body.append(field);
    field.select();
    const worked = document.execCommand("copy");
    field.remove();
    before?.focus();
    return worked;
  }
}
