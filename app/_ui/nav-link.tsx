"use client";
import NextLink from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

type Props = { href: string; children: ReactNode; count?: ReactNode };

/** A line of the rail; marked while its screen, or one below it, is open. */
export function NavLink({ href, children, count }: Props) {
  const path = usePathname();
  const here = path === href || (href !== "/" && path.startsWith(`${href}/`));
  return (
    <NextLink
      href={href}
      prefetch={false}
      aria-current={here ? "page" : undefined}
      className="flex min-h-(--rail) items-center justify-between gap-3 border-l-[3px] border-transparent py-1 pr-5 pl-[17px] text-table text-ink-2 -outline-offset-2 hover:bg-sunken hover:text-ink aria-[current=page]:border-accent aria-[current=page]:bg-sunken aria-[current=page]:font-semibold aria-[current=page]:text-ink"
    >
      <span>{children}</span>
      {count !== undefined && <span className="text-ink-3">{count}</span>}
    </NextLink>
  );
}
