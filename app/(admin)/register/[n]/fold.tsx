import type { ReactNode } from "react";
import { Icon } from "../../../_ui/icon.tsx";

/** What not everybody needs at once; the browser opens it by itself. */
export function Fold({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <details className="group">
      <summary className="flex min-h-6 cursor-pointer list-none items-center gap-1.5 font-semibold text-accent">
        <span className="group-open:rotate-90">
          <Icon name="chevron-right" size={16} />
        </span>
        {title}
      </summary>
      <div className="mt-2.5 space-y-2.5">{children}</div>
    </details>
  );
}
