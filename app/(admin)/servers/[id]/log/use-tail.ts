import { useEffect, useRef, useState } from "react";

export type Line = { n: number; at: string; outcome: string; word: string; what: string; reply: string };

/** Lines kept on the page. */
const MOST = 200;

/** Newest first, each once. */
function added(lines: Line[], before: Line[]): Line[] {
  const known = new Set(before.map(({ n }) => n));
  return [...lines.filter(({ n }) => !known.has(n)), ...before].slice(0, MOST);
}

/**
 * A tail by server-sent events. `state`: the stream is open, lost (the browser tries again by itself, from the last line it has), or ended for good.
 * `skipped`: numbers of lines below which some are missing, because there were too many at once.
 */
export function useTail(first: Line[], stream: string) {
  const [lines, setLines] = useState(first);
  const [waiting, setWaiting] = useState<Line[]>([]);
  const [paused, setPaused] = useState(false);
  const [state, setState] = useState<"open" | "lost" | "ended">("open");
  const [skipped, setSkipped] = useState<ReadonlySet<number>>(new Set());
  const still = useRef(false);
  const gap = useRef(false);
  useEffect(() => {
    const source = new EventSource(stream);
    source.onmessage = (event) => {
      const line = JSON.parse(event.data) as Line;
      if (gap.current) setSkipped((before) => new Set([...before, line.n]));
      gap.current = false;
      (still.current ? setWaiting : setLines)((before) => added([line], before));
    };
    source.addEventListener("skipped", () => {
      gap.current = true;
    });
    source.onopen = () => setState("open");
    // A refusal closes it for good: the session is over, or the server is gone.
    source.onerror = () => setState(source.readyState === EventSource.CLOSED ? "ended" : "lost");
    return () => source.close();
  }, [stream]);
  const press = () => {
    still.current = !paused;
    setPaused(!paused);
    if (!paused) return;
    setLines((before) => added(waiting, before));
    setWaiting([]);
  };
  return { lines, held: waiting.length, paused, state, skipped, press };
}
