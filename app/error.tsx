"use client";
import { Fault } from "./_ui/fault.tsx";

type Props = { error: Error & { digest?: string }; reset(): void };

export default function ErrorPage({ error, reset }: Props) {
  return (
    <main className="mx-auto max-w-[40rem] px-4 py-16">
      <Fault error={error} retry={reset} />
    </main>
  );
}
