import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentSession, visitor } from "../../_server/session.ts";
import { signOut } from "../../_server/session-actions.ts";
import { PageHead } from "../../_ui/page-head.tsx";
import { BarePage } from "../../_ui/shell.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await visitor()).t("access.none.title") };
}

/** Signed in, but nobody works with her any more: her roles were taken away, or the organization was closed. */
export default async function NoOrganizationPage() {
  const session = await currentSession();
  if (!session) redirect("/sign-in");
  if (session.organization) redirect("/");
  const { t } = await visitor();
  return (
    <BarePage>
      <PageHead title={t("access.none.title")} state={t("access.none.about", { email: session.user.email })} />
      <form action={signOut}>
        <button type="submit" className="button">
          {t("nav.signOut")}
        </button>
      </form>
    </BarePage>
  );
}
