import type { ReactNode } from "react";

/** Nothing here yet: one sentence of what it is for, one action. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="px-4 py-8 sm:px-5">
      <p className="max-w-text">{children}</p>
      {action && <div className="mt-4 flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}

/** Rows that are on their way (loading.tsx); they appear after 300 ms. `label`: "Caricamento". */
export function SkeletonRows({ label, rows = 6 }: { label: string; rows?: number }) {
  return (
    <div role="status" className="sheet skeleton divide-y divide-rule">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={i} className="flex gap-6 px-4 py-(--row) sm:px-5">
          <span className="my-1 h-3 w-16 rounded-tag bg-sunken" />
          <span className="my-1 h-3 flex-1 rounded-tag bg-sunken" />
          <span className="my-1 h-3 w-20 rounded-tag bg-sunken" />
        </div>
      ))}
    </div>
  );
}
