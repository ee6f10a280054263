"use client";
import { createContext, type ReactNode, useContext } from "react";
import { I18nProvider } from "react-aria-components";
import type { Words } from "./word-keys.ts";

const Context = createContext<Words | undefined>(undefined);

/** @throws Error outside Providers: the words would be missing */
export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error("no words: the component stands outside Providers");
  return words;
}

/** What every screen stands in: words, and the language for React Aria ("it-IT"), which would otherwise ask the browser. */
export function Providers({ locale, words, children }: { locale: string; words: Words; children: ReactNode }) {
  return (
    <I18nProvider locale={locale}>
      <Context.Provider value={words}>{children}</Context.Provider>
    </I18nProvider>
  );
}
