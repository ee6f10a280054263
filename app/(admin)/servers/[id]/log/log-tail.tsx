"use client";
import { useEffect, useRef, useState } from "react";
import { CopyButton } from "../../../../_ui/copy-field.tsx";

type Line = { n: number; at: string; outcome: string; what: string; reply: string };
type Words = Record<"label" | "none" | "pause" | "go" | "copy" | "live" | "paused" | "gap", string>;

/** Lines kept on the page. */
const MOST = 200;

/** Lines of a log, newest first, that grow by server-sent events; a pause keeps the page still and loses nothing. A lost connection comes back by itself. */
export function LogTail({ first, stream, words }: { first: Line[]; stream: string; words: Words }) {
  const [lines, setLines] = useState(first);
  const [paused, setPaused] = useState(false);
  const [gap, setGap] = useState(false);
  const held = useRef<Line[]>([]);
  const still = useRef(false);
  useEffect(() => {
    const source = new EventSource(stream);
    source.onmessage = (event) => {
      const line = JSON.parse(event.data) as Line;
      if (still.current) held.current = [line, ...held.current].slice(0, MOST);
      else setLines((before) => (before.some((one) => one.n === line.n) ? before : [line, ...before].slice(0, MOST)));
    };
    source.onopen = () => setGap(false);
    source.onerror = () => setGap(true);
    return () => source.close();
  }, [stream]);
  const press = () => {
    still.current = !paused;
    setPaused(!paused);
    if (paused) {
      const missed = held.current;
      held.current = [];
      setLines((before) =>
        [...missed.filter((one) => before.every((known) => known.n !== one.n)), ...before].slice(0, MOST),
      );
    }
  };
  const text = lines.map((line) => [line.at, line.outcome, line.what, line.reply].join("\t")).join("\n");
  return (
    <>
      <div className="mb-2.5 flex flex-wrap items-center gap-3 text-table">
        <button type="button" className="button" onClick={press} aria-pressed={paused}>
          {paused ? words.go : words.pause}
        </button>
        <CopyButton text={text} label={words.copy} />
        <span role="status" className="text-ink-2">
          {gap ? words.gap : paused ? words.paused : words.live}
        </span>
      </div>
      <ol aria-label={words.label} className="sheet divide-y divide-rule">
        {lines.length === 0 && <li className="px-4 py-4 text-ink-2 sm:px-5">{words.none}</li>}
        {lines.map((line) => (
          <li
            key={line.n}
            className="grid gap-x-4 px-4 py-(--row) text-table sm:grid-cols-[150px_minmax(0,1fr)] sm:px-5"
          >
            <span className="text-ink-2">{line.at}</span>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {line.outcome}
              {line.what && ` · ${line.what}`}
              {line.reply && <code className="block font-mono text-note text-ink-2">{line.reply}</code>}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
