import { appNow } from "../../../../../../lib/clock.ts";
import { campaignReport } from "../../../../../../lib/reports/campaign-report.ts";
import { reportPdf } from "../../../../../../lib/reports/report-pdf.ts";
import { fileRoute } from "../../../../../_server/file-route.ts";
import { reportPaper } from "../report-words.ts";

/** The report as a paper to file. */
export const GET = fileRoute<{ id: string }>(async (world, { id }) => {
  const report = await campaignReport(world.s, { who: world.who, campaign: id });
  const pdf = await reportPdf(reportPaper(world, report, await appNow(world.s.db)));
  return { name: `report-${id}.pdf`, type: "application/pdf", body: new Uint8Array(pdf) };
});
