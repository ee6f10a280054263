import type { Metadata } from "next";
import { calendar } from "../../../../lib/campaigns/calendar.ts";
import { isMonth, monthBeside } from "../../../../lib/campaigns/calendar-weeks.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import { signedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { LinkButton } from "../../../_ui/button.tsx";
import { Empty } from "../../../_ui/empty.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { CalendarList } from "./calendar-list.tsx";
import { CalendarMonth } from "./calendar-month.tsx";
import { monthWords } from "./month-words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("campaigns.calendar.title") };
}

/** A month of campaigns: bars over the days on which they send, because a limited server sends for days. */
export default async function CalendarPage({ searchParams }: { searchParams: Promise<{ month?: string }> }) {
  const signed = await signedIn("campaigns.see");
  const { s, who, t } = signed;
  const asked = (await searchParams).month ?? "";
  const found = await calendar(s, { who, ...(isMonth(asked) ? { month: asked } : {}) });
  const { month } = found;
  const to = (other: string) => `/campaigns/calendar?month=${other}`;
  const [before, after] = [monthBeside(month, -1), monthBeside(month, 1)];
  return (
    <>
      <PageHead
        above={<Breadcrumb of={[{ href: "/campaigns", label: t("campaigns.title") }]} />}
        title={t("campaigns.calendar.title")}
        state={t("campaigns.calendar.about")}
        actions={
          hasRight(who, "campaigns.write") && (
            <LinkButton look="primary" icon="plus" href="/campaigns/new">
              {t("campaigns.create")}
            </LinkButton>
          )
        }
      />
      <nav aria-label={t("campaigns.calendar.months")} className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 className="min-w-56 text-section font-semibold">{monthWords(signed, month)}</h2>
        <LinkButton icon="arrow-left" href={to(before)}>
          {monthWords(signed, before)}
        </LinkButton>
        <LinkButton iconAfter="arrow-right" href={to(after)}>
          {monthWords(signed, after)}
        </LinkButton>
        {month !== found.today.slice(0, 7) && (
          <LinkButton href="/campaigns/calendar">{t("campaigns.calendar.thisMonth")}</LinkButton>
        )}
      </nav>
      {found.campaigns.length === 0 ? (
        <div className="sheet">
          <Empty>{t("campaigns.calendar.empty")}</Empty>
        </div>
      ) : (
        <>
          <CalendarMonth {...{ signed, ...found }} />
          <CalendarList {...{ signed, campaigns: found.campaigns }} />
        </>
      )}
    </>
  );
}
