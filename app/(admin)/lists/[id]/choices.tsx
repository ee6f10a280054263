import { Link } from "../../../_ui/link.tsx";

type Choice = { href: string; label: string; current: boolean };

/** Narrower views below the tabs: words in a row, the current one bold. */
export function Choices({ label, of }: { label: string; of: Choice[] }) {
  return (
    <nav aria-label={label} className="mb-4">
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-table">
        {of.map(({ href, label, current }) => (
          <li key={href}>
            <Link
              href={href}
              look={current ? "plain" : "quiet"}
              {...(current ? { "aria-current": "page" as const } : {})}
              className={`inline-flex min-h-6 items-center touch:min-h-11 ${current ? "font-semibold" : ""}`}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
