import type { Metadata } from "next";
import { campaignReport } from "../../../../../lib/reports/campaign-report.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { LinkButton } from "../../../../_ui/button.tsx";
import { DataTable } from "../../../../_ui/data-table.tsx";
import { DayBars } from "../../../../_ui/day-bars.tsx";
import { KeySentence } from "../../../../_ui/key-sentence.tsx";
import { Note, Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { PageHead } from "../../../../_ui/page-head.tsx";
import { CampaignPath } from "../campaign-path.tsx";
import { FigureSums } from "../figure-sums.tsx";
import { reportLines, reportTables } from "./report-words.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("campaigns.report.title") };
}

/** What became of a campaign: sentences, a picture, and the tables that the files hold too. */
export default async function ReportPage({ params }: Props) {
  const signed = await signedIn("campaigns.see");
  const { s, who, t, format } = signed;
  const { id } = await params;
  const report = await found(campaignReport(s, { who, campaign: id }));
  const { campaign, counted, progress } = report;
  const days = counted?.days ?? [];
  const [first, ...lines] = reportLines(signed, report);
  return (
    <>
      <PageHead
        above={<CampaignPath t={t} campaign={campaign} />}
        title={t("campaigns.report.title")}
        state={counted ? t("campaigns.report.counted", { at: format.short(counted.at) }) : t("campaigns.report.waits")}
        actions={
          <>
            <LinkButton href={`/campaigns/${id}/report/csv`}>{t("campaigns.report.csv")}</LinkButton>
            <LinkButton href={`/campaigns/${id}/report/pdf`}>{t("campaigns.report.pdf")}</LinkButton>
          </>
        }
      />
      <Sheet>
        <SheetPart>
          <KeySentence>{first}</KeySentence>
          {lines.map((line) => (
            <p key={line} className="max-w-text text-table text-ink-2">
              {line}
            </p>
          ))}
          {days.length > 0 && (
            <DayBars
              days={days.map(({ day, accepted }) => ({
                ...{ key: day, kind: "done", value: accepted, text: format.number(accepted) },
                ...{ short: format.calendarNear(day), long: format.calendarLong(day) },
              }))}
              label={t("campaigns.report.daysAbout")}
              words={{
                values: t("campaigns.report.values"),
                day: t("campaigns.report.heads.day"),
                number: t("campaigns.report.heads.accepted"),
                kind: t("campaigns.report.heads.state"),
                kinds: {
                  done: t("campaigns.deliveries.accepted"),
                  planned: t("campaigns.deliveries.pending"),
                  late: t("campaigns.deliveries.deferred"),
                },
              }}
            />
          )}
        </SheetPart>
        <FigureSums {...{ t, id, progress }} />
      </Sheet>
      {reportTables(signed, report).map((table) => (
        <Section key={table.title} title={table.title}>
          <DataTable
            caption={table.title}
            rows={table.rows}
            rowKey={(row) => row[0] ?? ""}
            columns={table.heads.map((head, i) => ({
              key: String(i),
              head,
              main: i === 0,
              numeric: i > 0,
              cell: (row: string[]) => row[i],
            }))}
          />
        </Section>
      ))}
      <div className="mt-4">
        <Note>{t("campaigns.report.leftAbout")}</Note>
      </div>
    </>
  );
}
