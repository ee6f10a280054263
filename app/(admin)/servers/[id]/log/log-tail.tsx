"use client";
import { CopyButton } from "../../../../_ui/copy-field.tsx";
import { StatusTag, type Tone } from "../../../../_ui/status-tag.tsx";
import { type Line, useTail } from "./use-tail.ts";

type Words = Record<
  "label" | "none" | "pause" | "go" | "copy" | "live" | "paused" | "lost" | "ended" | "skipped" | "held",
  string
>;

const TONES: Record<string, Tone> = { accepted: "ok", deferred: "warn", rejected: "bad", uncertain: "warn" };

/** Lines of a log, newest first, that grow by server-sent events; a pause keeps the page still and loses nothing. */
export function LogTail({ first, stream, words }: { first: Line[]; stream: string; words: Words }) {
  const { lines, held, paused, state, skipped, press } = useTail(first, stream);
  const text = lines.map((line) => [line.at, line.word, line.what, line.reply].join("\t")).join("\n");
  const says = state !== "open" ? words[state] : paused ? words.paused : words.live;
  return (
    <>
      <div className="mb-2.5 flex flex-wrap items-center gap-3 text-table">
        <button type="button" className="button" onClick={press} aria-pressed={paused}>
          {paused ? words.go : words.pause}
        </button>
        <CopyButton text={text} label={words.copy} />
        <span role="status" className="text-ink-2">
          {says}
        </span>
        {held > 0 && <span className="text-ink-2">{words.held.replace("{n}", String(held))}</span>}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section aria-label={words.label} tabIndex={0} className="sheet max-h-[70vh] min-h-40 overflow-y-auto">
        <ol className="divide-y divide-rule">
          {lines.length === 0 && <li className="px-4 py-4 text-ink-2 sm:px-5">{words.none}</li>}
          {lines.map((line) => (
            <LogLine key={line.n} line={line} gap={skipped.has(line.n) ? words.skipped : undefined} />
          ))}
        </ol>
      </section>
    </>
  );
}

function LogLine({ line, gap }: { line: Line; gap: string | undefined }) {
  return (
    <li className="px-4 py-2 text-table sm:px-5">
      <div className="flex flex-wrap gap-x-4 gap-y-0.5 sm:grid sm:grid-cols-[150px_132px_minmax(0,1fr)]">
        <span className="text-ink-2">{line.at}</span>
        <StatusTag tone={TONES[line.outcome] ?? "still"}>{line.word}</StatusTag>
        <span className="min-w-0 max-sm:w-full [overflow-wrap:anywhere]">
          {line.what}
          {line.reply && <code className="block font-mono text-note text-ink-2">{line.reply}</code>}
        </span>
      </div>
      {gap && <p className="mt-2 border-t border-dashed border-warn pt-1 text-note text-warn">{gap}</p>}
    </li>
  );
}
