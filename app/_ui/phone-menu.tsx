"use client";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

/** The rail of a phone: below the top bar, behind a button that also works without script. Closes when another screen opens. */
export function PhoneMenu({ label, children }: { label: string; children: ReactNode }) {
  const path = usePathname();
  return (
    <details key={path} className="group">
      <summary className="absolute top-1.5 right-2 flex min-h-11 items-center gap-2 rounded-sheet px-3 text-table font-semibold hover:bg-sunken">
        <span className="group-open:hidden">
          <Icon name="menu-2" />
        </span>
        <span className="hidden group-open:inline">
          <Icon name="x" />
        </span>
        {label}
      </summary>
      <div className="border-t border-rule pb-4">{children}</div>
    </details>
  );
}
