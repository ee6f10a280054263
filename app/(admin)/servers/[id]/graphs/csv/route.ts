import { RANGES, type Range, SERIES, serverGraphs } from "../../../../../../lib/delivery/server-graphs.ts";
import { CSV_BOM, csvLine } from "../../../../../../lib/text/csv.ts";
import { fileRoute } from "../../../../../_server/file-route.ts";

/** The points of a range; an empty cell is a gap. */
export const GET = fileRoute<{ id: string }>(async ({ s, who }, { id }, search) => {
  const range = (Object.keys(RANGES) as Range[]).find((one) => one === search.get("range")) ?? "day";
  const { points } = await serverGraphs(s, { who, server: id, range });
  const lines = points.map((point) => csvLine([point.at.toISOString(), ...SERIES.map((series) => point[series])]));
  return {
    ...{ name: `graphs-${range}-${id}.csv`, type: "text/csv; charset=utf-8" },
    body: CSV_BOM + csvLine(["at", ...SERIES]) + lines.join(""),
  };
});
