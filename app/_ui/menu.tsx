"use client";
import type { ReactNode } from "react";
import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Icon } from "./icon.tsx";

export type MenuEntry = { id: string; label: string; href?: string; onAction?(): void; danger?: boolean };

type Props = {
  /** Name of the button; shown as three dots where `children` is left out. */
  label: string;
  children?: ReactNode;
  entries: readonly MenuEntry[];
};

/** What else can be done with a thing. Needs script: the same actions stand on the thing's own screen. */
export function Menu({ label, children, entries }: Props) {
  return (
    <MenuTrigger>
      <Button
        {...(children ? {} : { "aria-label": label })}
        className={
          children
            ? "button"
            : "flex size-(--target) items-center justify-center rounded-sheet text-ink-2 hover:bg-sunken"
        }
      >
        {children ?? <Icon name="dots-vertical" />}
        {children && <Icon name="chevron-down" size={16} />}
      </Button>
      <Popover placement="bottom end" className="sheet min-w-48 shadow-float">
        <AriaMenu className="py-1 text-table outline-none" aria-label={label}>
          {entries.map(({ id, label, href, onAction, danger }) => (
            <MenuItem
              key={id}
              id={id}
              {...(href ? { href } : {})}
              {...(onAction ? { onAction } : {})}
              className={`flex min-h-(--target) cursor-pointer items-center px-4 outline-none data-[focused]:bg-sunken ${danger ? "text-bad" : ""}`}
            >
              {label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
