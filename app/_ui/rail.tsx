import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { NavLink } from "./nav-link.tsx";
import { OrganizationSwitch } from "./organization-switch.tsx";
import type { ShellProps } from "./shell.tsx";

/** Screens in their groups, whose organization they are of, and who is signed in. */
export async function Rail(props: Omit<ShellProps, "children" | "sending"> & { label: string }) {
  const { groups, user, organization, organizations, switchOrganization, signOut, sandboxHref, label } = props;
  const t = await getTranslations("nav");
  return (
    <div className="flex min-h-full flex-col gap-4 pt-3">
      <OrganizationSwitch
        current={organization}
        of={organizations}
        {...(switchOrganization ? { action: switchOrganization } : {})}
      />
      <nav aria-label={label} className="flex-1">
        {groups.map(({ title, links }, i) => (
          <Group key={title ?? i} title={title}>
            {links.map(({ href, label, count }) => (
              <li key={href}>
                <NavLink href={href} count={count}>
                  {label}
                </NavLink>
              </li>
            ))}
          </Group>
        ))}
      </nav>
      {sandboxHref && (
        <p className="mx-5 border-l-[3px] border-warn pl-3 text-note text-ink-2">
          <a className="link-quiet" href={sandboxHref}>
            {t("sandboxOn")}
          </a>
        </p>
      )}
      <div className="border-t border-rule py-2">
        <NavLink href="/profile">
          <span className="block text-ink">{user.name}</span>
          <span className="block max-w-40 truncate text-note">{user.email}</span>
        </NavLink>
        {signOut && (
          <form action={signOut}>
            <button
              type="submit"
              className="flex min-h-(--rail) w-full items-center px-5 text-left text-table text-ink-2 -outline-offset-2 hover:bg-sunken hover:text-ink"
            >
              {t("signOut")}
            </button>
          </form>
        )}
      </div>
    </div>
  );
}

function Group({ title, children }: { title: string | undefined; children: ReactNode }) {
  return (
    <div className="mt-4 first:mt-0">
      {title && <h2 className="px-5 pb-1 text-[0.75rem] font-semibold text-ink-3">{title}</h2>}
      <ul>{children}</ul>
    </div>
  );
}
