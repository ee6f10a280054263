import type { ReactNode } from "react";
import { Link } from "./link.tsx";

export type Tab = { href: string; label: ReactNode; count?: ReactNode; current?: boolean };

/** Views of one thing. Each has its own address, so they work without script, and Back goes back. */
export function Tabs({ label, of }: { label: string; of: Tab[] }) {
  return (
    <nav aria-label={label} className="mb-5 border-b border-rule">
      <ul className="flex flex-wrap gap-x-5">
        {of.map(({ href, label, count, current }) => (
          <li key={href}>
            <Link
              href={href}
              look="plain"
              {...(current ? { "aria-current": "page" as const } : {})}
              className="flex min-h-(--target) items-center gap-1.5 whitespace-nowrap border-b-[3px] border-transparent py-1.5 text-ink-2 hover:text-ink -outline-offset-2 aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-ink"
            >
              {label}
              {count !== undefined && <span className="font-normal text-ink-3">{count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
