import { campaignReport } from "../../../../../../lib/reports/campaign-report.ts";
import { CSV_BOM, csvLine } from "../../../../../../lib/text/csv.ts";
import { fileRoute } from "../../../../../_server/file-route.ts";
import { reportTables } from "../report-words.ts";

/** The tables of the report, one below the other, figures without grouping. */
export const GET = fileRoute<{ id: string }>(async ({ s, who, t, format }, { id }) => {
  const report = await campaignReport(s, { who, campaign: id });
  const plain = { t, format: { ...format, number: String, calendarDay: (day: string) => day } };
  const lines = reportTables(plain, report).flatMap(({ title, heads, rows }) => [[title], heads, ...rows, []]);
  return {
    name: `report-${id}.csv`,
    type: "text/csv; charset=utf-8",
    body:
      CSV_BOM + lines.map((cells) => csvLine(cells.map((cell) => (/^\d+$/.test(cell) ? Number(cell) : cell)))).join(""),
  };
});
