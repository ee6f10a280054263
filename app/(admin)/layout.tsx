import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { sendingNow } from "../../lib/campaigns/sending-now.ts";
import { hasRight, type Right } from "../../lib/users/roles.ts";
import type { Who } from "../../lib/users/who.ts";
import { services } from "../_server/services.ts";
import { currentSession } from "../_server/session.ts";
import { signOut, switchOrganization } from "../_server/session-actions.ts";
import { type NavGroup, Shell } from "../_ui/shell.tsx";

/** Screens of this version, each with the right that opens it. */
const GROUPS: { title?: string; links: { href: string; name: string; right?: Right }[] }[] = [
  { links: [{ href: "/", name: "home" }] },
  { title: "write", links: [{ href: "/campaigns", name: "campaigns", right: "campaigns.see" }] },
  {
    title: "persons",
    links: [
      { href: "/contacts", name: "contacts", right: "contacts.see" },
      { href: "/lists", name: "lists", right: "lists.see" },
      { href: "/forms", name: "forms", right: "lists.see" },
    ],
  },
  {
    title: "delivery",
    links: [
      { href: "/servers", name: "servers", right: "servers.see" },
      { href: "/sandbox", name: "sandbox", right: "campaigns.see" },
    ],
  },
  {
    title: "compliance",
    links: [
      { href: "/register", name: "register", right: "ledger.see" },
      { href: "/notices", name: "notices", right: "notices.see" },
    ],
  },
  {
    title: "administration",
    links: [
      { href: "/people", name: "people", right: "people.see" },
      { href: "/organization", name: "organization", right: "organization.see" },
      { href: "/installation", name: "installation", right: "installation" },
    ],
  },
];

/** The shell of signed-in screens. It guards nothing: each page asks who comes, and each verb what she may. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const session = await currentSession();
  if (!session?.organization) return children;
  const { user, organization, organizations, who } = session;
  const sending = hasRight(who, "campaigns.see") ? await sendingNow(await services(), { who }) : [];
  return (
    <Shell
      {...{ user, organization, organizations, signOut, switchOrganization, sending }}
      groups={await groupsFor(who)}
      {...(organization.live || organization.demo ? {} : { sandboxHref: "/servers" })}
    >
      {children}
    </Shell>
  );
}

async function groupsFor(who: Who): Promise<NavGroup[]> {
  const t = await getTranslations("nav");
  return GROUPS.map(({ title, links }) => ({
    ...(title ? { title: t(title) } : {}),
    links: links
      .filter(({ right }) => !right || hasRight(who, right))
      .map(({ href, name }) => ({ href, label: t(name) })),
  })).filter(({ links }) => links.length > 0);
}
