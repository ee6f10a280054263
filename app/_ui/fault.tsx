"use client";
import { Button } from "./button.tsx";
import { PageHead } from "./page-head.tsx";
import { useWords } from "./words.tsx";

type Props = { error: Error & { digest?: string }; retry(): void };

/** A page that could not be made: says so, gives the number that the log has too, and the way to try again. */
export function Fault({ error, retry }: Props) {
  const words = useWords();
  return (
    <div role="alert">
      <PageHead title={words.failed} state={words.failedAbout} />
      {error.digest && (
        <p className="mb-4">
          {words.reference} <code className="font-mono">{error.digest}</code>
        </p>
      )}
      <Button onClick={retry}>{words.again}</Button>
    </div>
  );
}
