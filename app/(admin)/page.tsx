import { type Overview, overview, type ToDo } from "../../lib/reports/overview.ts";
import { found, type SignedIn, signedIn } from "../_server/session.ts";
import { Checks, type CheckTone } from "../_ui/checks.tsx";
import { Empty } from "../_ui/empty.tsx";
import { Columns, Section, Sheet, SheetPart } from "../_ui/layout.tsx";
import { Link } from "../_ui/link.tsx";
import { Meter, Progress } from "../_ui/meter.tsx";
import { Notice } from "../_ui/notice.tsx";
import { PageHead } from "../_ui/page-head.tsx";
import { Register, RegisterRow } from "../_ui/register.tsx";
import { TimeText } from "../_ui/time-text.tsx";
import { OverviewDays } from "./overview-days.tsx";
import { StaffNotices } from "./staff-notices.tsx";

/** What needs somebody today, and whether anything is wrong. */
export default async function OverviewPage() {
  const me = await signedIn("campaigns.see");
  const { s, who, t, organization } = me;
  const seen = await found(overview(s, { who }));
  const state = t(seen.live ? "overview.state_live" : "overview.state_sandbox", { organization: organization.name });
  const counted = seen.days.some((day) => day.asked + day.confirmed + day.left > 0);
  return (
    <>
      <PageHead title={t("overview.title")} state={state} />
      <Columns aside={<Aside seen={seen} me={me} />}>
        <StaffNotices signed={me} />
        <Section title={t("overview.todo")}>
          <Sheet>
            <ToDoList of={seen.toDo} me={me} />
          </Sheet>
        </Section>
        <Section title={t("overview.days")}>
          <Sheet>
            {counted ? (
              <SheetPart>
                <OverviewDays days={seen.days} t={t} format={me.format} />
              </SheetPart>
            ) : (
              <Empty>{t("overview.none_days")}</Empty>
            )}
          </Sheet>
        </Section>
        <Section title={t("overview.entries")} actions={<Link href="/register">{t("overview.entries_all")}</Link>}>
          <Sheet>
            <Entries seen={seen} me={me} />
          </Sheet>
        </Section>
      </Columns>
    </>
  );
}

const TONES: Partial<Record<ToDo["what"], CheckTone>> = {
  ...{ server_paused: "bad", uncertain: "bad" },
  // Steps of the way in: nothing is wrong.
  ...{ publish_list: "next", try_form: "next", write_campaign: "next", add_server: "next" },
  ...{ test_server: "next", go_live: "next" },
};

function ToDoList({ of, me: { t } }: { of: ToDo[]; me: SignedIn }) {
  if (of.length === 0) return <Empty>{t("overview.nothing")}</Empty>;
  const words = {
    ok: t("overview.marks.ok"),
    warn: t("overview.marks.warn"),
    bad: t("overview.marks.bad"),
    unknown: t("overview.marks.unknown"),
    next: t("overview.marks.next"),
  };
  const checks = of.map(({ what, at, facts }) => ({
    tone: TONES[what] ?? ("warn" as const),
    title: t(`overview.what.${what}`, facts),
    detail: t(`overview.what.${what}_detail`, facts),
    action: (
      <Link href={at} aria-label={`${t("overview.open")}: ${t(`overview.what.${what}`, facts)}`}>
        {t("overview.open")}
      </Link>
    ),
  }));
  return <Checks of={checks} words={words} />;
}

function Aside({ seen, me }: { seen: Overview; me: SignedIn }) {
  const { t } = me;
  return (
    <>
      {!seen.live && (
        <Notice title={t("overview.sandbox_title")} action={<Link href="/sandbox">{t("overview.sandbox_open")}</Link>}>
          <p>{t("overview.sandbox")}</p>
        </Notice>
      )}
      <Section title={t("overview.sending")}>
        <Sheet>
          <SheetPart>
            {seen.sending.length === 0 && <p className="text-ink-2">{t("overview.sending_none")}</p>}
            {seen.sending.map((one) => (
              <div key={one.campaign}>
                <Link href={`/campaigns/${one.campaign}`}>{one.name}</Link>
                <Progress label={one.name} value={one.done} max={Math.max(1, one.size)}>
                  {standOf(one, me)}
                </Progress>
              </div>
            ))}
          </SheetPart>
        </Sheet>
      </Section>
      <Section title={t("overview.today")}>
        <Sheet>
          {seen.today.length === 0 && (
            <SheetPart>
              <p className="text-ink-2">{t("overview.today_none")}</p>
            </SheetPart>
          )}
          {seen.today.map((server) => (
            <SheetPart key={server.server}>
              <Used server={server} me={me} />
            </SheetPart>
          ))}
        </Sheet>
      </Section>
    </>
  );
}

function standOf(one: Overview["sending"][number], { t, format }: SignedIn): string {
  if (one.state === "scheduled" && one.scheduledAt)
    return t("overview.scheduled", { at: format.short(one.scheduledAt) });
  const progress = t("overview.progress", { done: one.done, size: one.size });
  return one.state === "paused" ? `${progress} · ${t("overview.paused")}` : progress;
}

function Used({ server, me: { t } }: { server: Overview["today"][number]; me: SignedIn }) {
  const used = server.campaign + server.system;
  const name = server.kind === "sandbox" ? t("campaigns.sandboxName") : server.name;
  if (server.perDay === null) {
    return (
      <p className="flex flex-wrap justify-between gap-x-4 text-table">
        <span className="font-semibold">{name}</span>
        <span className="text-ink-2">{t("overview.used_free", { used })}</span>
      </p>
    );
  }
  const facts = { used, max: server.perDay, reserve: server.reserve };
  return (
    <Meter label={name} value={used} max={server.perDay} reserve={server.reserve}>
      {t(server.reserve > 0 ? "overview.used_reserve" : "overview.used", facts)}
    </Meter>
  );
}

function Entries({ seen, me: { t, format } }: { seen: Overview; me: SignedIn }) {
  if (seen.entries.length === 0) return <Empty>{t("overview.entries_none")}</Empty>;
  return (
    <Register label={t("overview.entries")}>
      {seen.entries.map((entry) => (
        <RegisterRow
          key={entry.number}
          serial={format.entry(entry.number - 1)}
          time={<TimeText at={entry.at} />}
          what={<Link href={`/register/${entry.number}`}>{t(`recordKinds.${entry.kind.replace(".", "_")}`)}</Link>}
        />
      ))}
    </Register>
  );
}
