"use client";
import { Fault } from "../_ui/fault.tsx";

type Props = { error: Error & { digest?: string }; reset(): void };

/** Within the shell: the other screens stay in reach. */
export default function ErrorPage({ error, reset }: Props) {
  return <Fault error={error} retry={reset} />;
}
