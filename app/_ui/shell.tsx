import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { PhoneMenu } from "./phone-menu.tsx";
import { Rail } from "./rail.tsx";
import { SendingStrip } from "./sending-strip.tsx";
import { SkipLink } from "./skip-link.tsx";
import { SourceLine } from "./source-line.tsx";

export type NavGroup = { title?: string; links: { href: string; label: string; count?: ReactNode }[] };

export type ShellProps = {
  groups: NavGroup[];
  user: { name: string; email: string };
  organization: { id: string; name: string };
  organizations: readonly { id: string; name: string }[];
  /** Gets `organization`, the id. */
  switchOrganization?: (form: FormData) => Promise<void>;
  signOut?: (form: FormData) => Promise<void>;
  /** What is being sent this moment. */
  sending?: readonly { id: string; name: string }[];
  /** Set while mail stays in the sandbox: where that is changed. */
  sandboxHref?: string;
  children: ReactNode;
};

/** What all signed-in screens stand in: the rail (216 px), on a phone a top bar with a menu, and the page. */
export async function Shell({ children, sending = [], ...rail }: ShellProps) {
  const t = await getTranslations("ui");
  return (
    <div className="min-h-dvh print:block md:grid md:grid-cols-[216px_minmax(0,1fr)]">
      <SkipLink label={t("skip")} />
      <header className="relative border-b border-rule print:hidden md:sticky md:top-0 md:h-dvh md:overflow-y-auto md:border-r md:border-b-0">
        <p className="flex min-h-14 items-center px-5 text-[1.125rem] font-semibold md:min-h-12 md:pt-2">
          <Mark />
          Assenso
        </p>
        <div className="md:hidden">
          <PhoneMenu label={t("navOpen")}>
            <Rail {...rail} label={t("nav")} />
          </PhoneMenu>
        </div>
        <div className="hidden md:block md:min-h-[calc(100dvh-3rem)] md:*:min-h-[calc(100dvh-3rem)]">
          <Rail {...rail} label={t("nav")} />
        </div>
      </header>
      <div className="min-w-0">
        <SendingStrip of={sending} />
        <main id="main" tabIndex={-1} className="max-w-page px-4 pt-5 pb-10 sm:px-7 md:px-10 md:pt-7">
          {children}
        </main>
        <div className="max-w-page px-4 pb-6 sm:px-7 md:px-10">
          <SourceLine />
        </div>
      </div>
    </div>
  );
}

/** A page without rail: sign-in, set-up, errors. */
export async function BarePage({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  const t = await getTranslations("ui");
  return (
    <div className={`mx-auto px-4 pt-6 pb-6 sm:px-7 ${wide ? "max-w-page" : "max-w-[40rem]"}`}>
      <SkipLink label={t("skip")} />
      <p className="mb-8 flex items-center text-[1.125rem] font-semibold">
        <Mark />
        Assenso
      </p>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <div className="mt-8">
        <SourceLine />
      </div>
    </div>
  );
}

/** The mark: a line of a register, ticked. */
function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" className="mr-2 shrink-0">
      <rect width="20" height="20" rx="4" className="fill-accent" />
      <path
        d="M4.5 15.5h11M5.5 9.2l3 3 6-7.4"
        fill="none"
        className="stroke-on-accent"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
