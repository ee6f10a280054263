import NextLink from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon-names.ts";

/** `primary`: the one thing of a screen. `plain`: the others. `danger`: destroys. `quiet`: inside a row. */
export type Look = "primary" | "plain" | "danger" | "quiet";

type Common = { look?: Look; icon?: IconName; children: ReactNode; className?: string };

/** A button that says verb, object and count ("Programma 2.964 invii"). In a form it does not submit: that is SubmitButton's. */
export function Button({
  look = "plain",
  icon,
  children,
  className = "",
  type = "button",
  ...rest
}: Common & ComponentProps<"button">) {
  return (
    <button {...rest} type={type} data-look={look} className={`button ${className}`}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </button>
  );
}

/** A link that looks like a button: it goes to a screen where the thing is done. */
export function LinkButton({
  look = "plain",
  icon,
  iconAfter,
  children,
  className = "",
  href,
}: Common & { href: string; iconAfter?: IconName }) {
  return (
    <NextLink href={href} prefetch={false} data-look={look} className={`button ${className}`}>
      {icon && <Icon name={icon} size={16} />}
      {children}
      {iconAfter && <Icon name={iconAfter} size={16} />}
    </NextLink>
  );
}
