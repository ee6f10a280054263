import NextLink from "next/link";
import type { ReactNode } from "react";

type Props = {
  href: string;
  children: ReactNode;
  /** `text` in a sentence (underlined), `quiet` alone in a row, `plain` without any look of its own. */
  look?: "text" | "quiet" | "plain";
  className?: string;
  "aria-current"?: "page" | "step" | "true";
  "aria-label"?: string;
};

const LOOKS = { text: "link", quiet: "link-quiet", plain: "" };

/**
 * A link to another screen. Nothing is fetched before it is pressed: these pages are made anew for each request. For public pages
 * (form, confirm, leave …), downloads and other hosts use a plain `<a className="link">`.
 */
export function Link({ href, children, look = "text", className = "", ...aria }: Props) {
  return (
    <NextLink href={href} prefetch={false} className={`${LOOKS[look]} ${className}`.trim() || undefined} {...aria}>
      {children}
    </NextLink>
  );
}
