import type { ReactNode } from "react";

/** What a screen says, and beside it checks and totals (340 px; below it where there is no room, above it with `asideFirst`). */
export function Columns({
  children,
  aside,
  asideFirst,
}: {
  children: ReactNode;
  aside: ReactNode;
  asideFirst?: boolean;
}) {
  return (
    <div className="grid items-start gap-7 lg:grid-cols-[minmax(0,1fr)_340px]">
      <div className="min-w-0">{children}</div>
      <aside className={`min-w-0 ${asideFirst ? "max-lg:order-first" : ""}`}>{aside}</aside>
    </div>
  );
}

type SectionProps = { title: ReactNode; children: ReactNode; actions?: ReactNode; id?: string };

/** A part of a screen under its own heading. The first one of a column stands without space above it. */
export function Section({ title, children, actions, id }: SectionProps) {
  return (
    <section className="mt-7 first:mt-0" id={id}>
      <div className="mb-2.5 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-section font-semibold [overflow-wrap:anywhere]">{title}</h2>
        {actions && <div className="flex flex-wrap items-center gap-3 text-table">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** A paper with rows on it. Parts of it: SheetPart, Facts, Register, DataTable, Checks: each draws the rule above itself. */
export function Sheet({ children, className = "" }: { children: ReactNode; className?: string }) {
  return <div className={`sheet divide-y divide-rule overflow-clip ${className}`}>{children}</div>;
}

/** Free content on a sheet, with its margins. */
export function SheetPart({ children, className = "" }: { children: ReactNode; className?: string }) {
  return <div className={`space-y-3 px-4 py-4 sm:px-5 sm:py-[18px] ${className}`}>{children}</div>;
}

/** Words of explanation, 13 px. */
export function Note({ children, id }: { children: ReactNode; id?: string }) {
  return (
    <p className="max-w-text text-note text-ink-2" id={id}>
      {children}
    </p>
  );
}
