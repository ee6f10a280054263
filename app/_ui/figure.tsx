import { getLocale } from "next-intl/server";
import type { Language } from "../../lib/text/language.ts";
import { formatNumber } from "../../lib/text/numbers.ts";
import { Link } from "./link.tsx";

type Props = {
  value: number | bigint;
  /** The rows that are counted. */
  href?: string;
  /** What is counted, for screen readers, where the words beside it do not say so. */
  label?: string;
};

/** A number, grouped (2.964), and a link to its rows. Zero has no rows: it stands without. */
export async function Figure({ value, href, label }: Props) {
  const text = formatNumber(value, (await getLocale()) as Language);
  if (!href || value === 0 || value === 0n) return <span>{text}</span>;
  return (
    <Link href={href} {...(label ? { "aria-label": `${text} ${label}` } : {})}>
      {text}
    </Link>
  );
}

type SumProps = {
  /** Figure. */
  value: React.ReactNode;
  label: React.ReactNode;
};

/** Figures that add up, in one row with hairlines between: done, to do, not sent. Each value a Figure. */
export function Sums({ label, of }: { label: string; of: SumProps[] }) {
  return (
    <dl aria-label={label} className="grid divide-rule max-sm:divide-y sm:auto-cols-fr sm:grid-flow-col sm:divide-x">
      {of.map(({ value, label }, i) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the row never changes its order
          key={i}
          className="flex flex-row-reverse items-baseline justify-end gap-2 px-4 py-3 sm:flex-col-reverse sm:gap-0 sm:px-5"
        >
          <dt className="text-table text-ink-2">{label}</dt>
          <dd className="text-key font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
