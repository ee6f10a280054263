"use client";
import type { Draft, Sending } from "../../../../lib/campaigns/types.ts";
import { Button } from "../../../_ui/button.tsx";
import { Notice } from "../../../_ui/notice.tsx";
import type { Change } from "./autosaver.ts";
import { useDraft } from "./draft-provider.tsx";
import type { DraftWords } from "./draft-words.ts";

/** Two people saved: both texts, side by side, and a person decides (B95). Nothing is written before. */
export function Conflict() {
  const { state, resolve, words } = useDraft();
  if (state.kind !== "conflict") return null;
  return (
    <section aria-label={words.conflict} className="sheet mb-7 space-y-4 p-4 sm:p-5">
      <Notice tone="warn" title={words.conflict} live>
        {words.conflictAbout}
      </Notice>
      <BothTexts mine={state.mine} theirs={state.theirs} words={words} />
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => void resolve("mine")}>{words.keepMine}</Button>
        <Button onClick={() => void resolve("theirs")}>{words.takeTheirs}</Button>
      </div>
    </section>
  );
}

/** Parts that are written as text; the others are saved by forms of their own. */
type Part = Exclude<keyof Draft, "lists" | keyof Sending>;
const TEXTS: readonly string[] = [
  "name",
  "subject",
  "preheader",
  "fromName",
  "replyTo",
  "mjml",
  "text",
] satisfies Part[];

function BothTexts({ mine, theirs, words }: { mine: Change; theirs: Draft; words: DraftWords }) {
  const parts = (Object.keys(mine) as (keyof Draft)[]).filter(
    (part): part is Part => TEXTS.includes(part) && mine[part] !== theirs[part],
  );
  return parts.map((part) => {
    const [left, right] = [mine[part] ?? "", theirs[part] ?? ""];
    return (
      <div key={part}>
        <h3 className="mb-1 text-table font-semibold">{words[part]}</h3>
        <div className="grid gap-3 md:grid-cols-2">
          <Text label={words.mine} text={left} other={right} words={words} />
          <Text label={words.theirs} text={right} other={left} words={words} />
        </div>
      </div>
    );
  });
}

/** A text with the lines marked that the other one lacks. */
function Text({ label, text, other, words }: { label: string; text: string; other: string; words: DraftWords }) {
  const there = new Set(other.split("\n"));
  return (
    <figure className="min-w-0">
      <figcaption className="text-note text-ink-2">{label}</figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        className="max-h-80 overflow-auto whitespace-pre-wrap rounded-sheet border border-rule bg-paper p-3 font-mono text-note"
      >
        {text === ""
          ? words.emptyText
          : text.split("\n").map((line, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
              <span key={i} className={there.has(line) ? "" : "bg-warn-bg font-semibold text-warn"}>
                {`${line}\n`}
              </span>
            ))}
      </pre>
    </figure>
  );
}
