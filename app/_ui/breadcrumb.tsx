import { getTranslations } from "next-intl/server";
import { Icon } from "./icon.tsx";
import { Link } from "./link.tsx";

/** Where the screen belongs: the way up, without the screen itself (its title says that). */
export async function Breadcrumb({ of }: { of: { href: string; label: string }[] }) {
  const t = await getTranslations("ui");
  return (
    <nav aria-label={t("breadcrumb")} className="mb-2 text-table print:hidden">
      <ol className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-ink-2">
        {of.map(({ href, label }, i) => (
          <li key={href} className="flex min-h-6 items-center gap-1.5">
            {i > 0 && <Icon name="chevron-right" size={14} />}
            <Link href={href} look="quiet">
              {label}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
