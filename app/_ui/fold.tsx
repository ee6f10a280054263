import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

type Props = { title: ReactNode; children: ReactNode; open?: boolean | undefined };

/** What not everybody needs at once; the browser opens it by itself. */
export function Fold({ title, children, open }: Props) {
  return (
    <details className="group" open={open}>
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
