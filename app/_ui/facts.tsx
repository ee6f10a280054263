import type { ReactNode } from "react";

/** Terms and what they are, in ruled rows. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="divide-y divide-rule text-table">{children}</dl>;
}

/** One row of Facts. */
export function Fact({ term, children }: { term: ReactNode; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 px-4 py-(--row) sm:grid-cols-[170px_minmax(0,1fr)] sm:px-5">
      <dt className="text-ink-2">{term}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
