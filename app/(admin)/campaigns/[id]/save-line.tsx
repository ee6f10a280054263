"use client";
import { useDraft } from "./draft-provider.tsx";
import { savedTime } from "./draft-words.ts";

/** The line under the title: "salvato alle 10.41", or what keeps it from being saved. */
export function SaveLine() {
  const { state, words, reader } = useDraft();
  const saved = `${words.savedAt} ${savedTime(state.at, reader)}`;
  const said = {
    saved: "",
    waiting: words.waiting,
    saving: words.saving,
    offline: words.offline,
    refused: words.refused,
    failed: `${words.failed} ${state.kind === "failed" ? state.code : ""}`,
    conflict: words.conflict,
  }[state.kind];
  const bad = ["offline", "refused", "failed", "conflict"].includes(state.kind);
  return (
    <span>
      <span suppressHydrationWarning>{saved}</span>
      {said && <span className={bad ? "text-warn" : ""}>{` · ${said}`}</span>}
      <span role="status" className="sr-only">
        {bad ? said : ""}
      </span>
    </span>
  );
}
