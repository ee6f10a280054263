"use client";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect } from "react";

type Props = {
  children: ReactNode;
  /** Seconds between two looks. */
  every?: number;
  /** Address of a stream of server-sent events: each event is a reason to look at once. */
  source?: string;
  /** False: the thing has ended, nobody need look. */
  on?: boolean;
  /** Said aloud when it changes; short: "1.204 di 2.964". */
  says?: string;
};

/** Keeps the page as the server would show it now. Rests while the tab is hidden, and looks at once when it is shown again. */
export function LiveRegion({ children, every = 3, source, on = true, says }: Props) {
  const router = useRouter();
  useEffect(() => {
    if (!on) return;
    const look = () => {
      if (!document.hidden) router.refresh();
    };
    const timer = setInterval(look, every * 1000);
    document.addEventListener("visibilitychange", look);
    const stream = source ? new EventSource(source) : undefined;
    stream?.addEventListener("message", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      stream?.close();
    };
  }, [router, every, source, on]);
  return (
    <>
      {says !== undefined && (
        <p aria-live="polite" className="sr-only">
          {says}
        </p>
      )}
      {children}
    </>
  );
}
