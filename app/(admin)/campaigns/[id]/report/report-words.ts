import type { ReportPaper, ReportTable } from "../../../../../lib/reports/report-pdf.ts";
import type { CampaignReport } from "../../../../../lib/reports/report-types.ts";
import type { SignedIn } from "../../../../_server/session.ts";
import { reasonWords } from "../reason-words.ts";

type World = Pick<SignedIn, "t" | "format">;

/** The sentences of a report: how many received it, left, complained, and that nobody is watched. */
export function reportLines({ t, format }: World, report: CampaignReport): string[] {
  const { progress, counted, campaign } = report;
  const { size, done, toDo: rest } = progress;
  const unsure = progress.states.find((one) => one.state === "uncertain")?.n ?? 0;
  const lines = [t("campaigns.report.sum", { size, done, not: progress.notSent - unsure, unsure, rest })];
  if (campaign.launchedAt) lines.push(t("campaigns.report.began", { at: format.instant(campaign.launchedAt) }));
  if (campaign.endedAt) lines.push(t("campaigns.report.ended", { at: format.instant(campaign.endedAt) }));
  if (counted)
    lines.push(t("campaigns.report.gone", { left: counted.left, complained: counted.complained, of: progress.done }));
  return [...lines, t("campaigns.report.unwatched")];
}

/** Its tables: by state, why not, by day, by recipient domain. Figures as this reader writes them. */
export function reportTables(world: World, report: CampaignReport): ReportTable[] {
  const { t } = world;
  const n = (figure: number) => world.format.number(figure);
  const { progress, counted } = report;
  const head = (key: string) => t(`campaigns.report.heads.${key}`);
  const tables: ReportTable[] = [
    {
      title: t("campaigns.report.states"),
      heads: [head("state"), head("people")],
      rows: progress.states.map((one) => [t(`campaigns.deliveries.${one.state}`), n(one.n)]),
    },
    {
      title: t("campaigns.report.why"),
      heads: [head("reason"), head("people")],
      rows: progress.reasons.map((one) => [
        `${t(`campaigns.deliveries.${one.state}`)}: ${reasonWords(t, one.reason)}`,
        n(one.n),
      ]),
    },
    {
      title: t("campaigns.report.days"),
      heads: [head("day"), head("accepted"), head("rejected")],
      rows: (counted?.days ?? []).map((one) => [world.format.calendarDay(one.day), n(one.accepted), n(one.rejected)]),
    },
    {
      title: t("campaigns.report.domains"),
      heads: [head("domain"), head("people"), head("accepted"), head("rejected"), head("uncertain"), head("toDo")],
      rows: (counted?.domains ?? []).map((one) => [
        one.domain === "*" ? t("campaigns.report.others") : one.domain,
        ...[one.size, one.accepted, one.rejected, one.uncertain, one.toDo].map(n),
      ]),
    },
  ];
  return tables.filter((table) => table.rows.length > 0);
}

export function reportPaper(world: World, report: CampaignReport, at: Date): ReportPaper {
  return {
    title: report.campaign.name,
    lines: reportLines(world, report),
    tables: reportTables(world, report),
    foot: world.t("campaigns.report.foot", { at: world.format.instant(at) }),
  };
}
