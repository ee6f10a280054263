"use client";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import type { Draft } from "../../../../lib/campaigns/types.ts";
import { type Autosaver, autosaver, type Change, type SaveState } from "./autosaver.ts";
import type { DraftWords } from "./draft-words.ts";
import { saveOver } from "./save-over.ts";

export type DraftPage = {
  id: string;
  version: number;
  savedAt: string;
  draft: Draft;
  words: DraftWords;
  reader: { language: "it" | "en"; zone: string };
};

type Shared = DraftPage & {
  state: SaveState;
  /** What stands on the screen now, saved or not. */
  typed: Draft;
  /** Rises when what stands there was replaced from outside: fields are made anew. */
  round: number;
  edit(change: Change): void;
  flush(): Promise<void>;
  resolve(whose: "mine" | "theirs"): Promise<void>;
};

const Context = createContext<Shared | undefined>(undefined);

/** @throws Error outside DraftProvider */
export function useDraft(): Shared {
  const shared = useContext(Context);
  if (!shared) throw new Error("no draft: the component stands outside DraftProvider");
  return shared;
}

/** Holds the draft of a compose page and saves it by itself; without script nothing happens, the form's own button saves. */
export function DraftProvider({ children, ...page }: DraftPage & { children: ReactNode }) {
  const [state, setState] = useState<SaveState>({ kind: "saved", at: page.savedAt });
  const [typed, setTyped] = useState(page.draft);
  const [round, setRound] = useState(0);
  const [saver] = useState(() =>
    autosaver({
      ...{ version: page.version, savedAt: page.savedAt, base: page.draft },
      world: {
        send: (body, leaving) => saveOver(page.id, body, leaving),
        later: (ms, work) => {
          const timer = setTimeout(work, ms);
          return () => clearTimeout(timer);
        },
        store: tabStore(`campaign:${page.id}`),
        onState: setState,
      },
    }),
  );

  useEffect(() => {
    const kept = saver.recover();
    if (!kept) return;
    setTyped((now) => ({ ...now, ...kept }));
    setRound((n) => n + 1);
  }, [saver]);
  useLeaving(saver, state);

  const shared: Shared = {
    ...{ ...page, state, typed, round },
    edit(change) {
      setTyped((now) => ({ ...now, ...change }));
      saver.edit(change);
    },
    flush: () => saver.flush(),
    async resolve(whose) {
      setTyped(await saver.resolve(whose));
      setRound((n) => n + 1);
    },
  };
  return <Context.Provider value={shared}>{children}</Context.Provider>;
}

/** Saves before the page goes: on links first, then the link is followed; on everything else while it goes. */
function useLeaving(saver: Autosaver, state: SaveState): void {
  const unsaved = useRef(false);
  unsaved.current = state.kind !== "saved" && state.kind !== "conflict";
  useEffect(() => {
    const leave = () => void saver.flush(true);
    const hidden = () => document.hidden && leave();
    const online = () => void saver.flush();
    const follow = (event: MouseEvent) => {
      const link = (event.target as Element | null)?.closest?.("a[href]");
      const plain =
        !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
      if (!(link instanceof HTMLAnchorElement) || !plain || !unsaved.current || link.target || link.hash) return;
      event.preventDefault();
      event.stopPropagation();
      void saver.flush().finally(() => {
        unsaved.current = false;
        link.click();
      });
    };
    addEventListener("pagehide", leave);
    addEventListener("online", online);
    document.addEventListener("visibilitychange", hidden);
    document.addEventListener("click", follow, true);
    return () => {
      removeEventListener("pagehide", leave);
      removeEventListener("online", online);
      document.removeEventListener("visibilitychange", hidden);
      document.removeEventListener("click", follow, true);
      void saver.flush(true);
      saver.stop();
    };
  }, [saver]);
}

/** The tab's own memory: text typed without network outlives a reload. Where the browser has none, it lives as long as the page. */
function tabStore(key: string) {
  return {
    read() {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    write(text: string | null) {
      try {
        if (text === null) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, text);
      } catch {
        // full or forbidden: the page still has the text
      }
    },
  };
}
