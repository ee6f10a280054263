import { serverLines } from "../../../../../../lib/delivery/server-lines.ts";
import { CSV_BOM, csvLine } from "../../../../../../lib/text/csv.ts";
import { fileRoute } from "../../../../../_server/file-route.ts";
import { lineFilter } from "../line-filter.ts";
import { lineText } from "../line-words.ts";

/** The last 200 lines that the page shows, as a file. */
export const GET = fileRoute<{ id: string }>(async (world, { id }, search) => {
  const lines = await serverLines(world.s, { who: world.who, server: id, ...lineFilter(search) });
  const rows = lines.map((line) => {
    const { word, what, reply } = lineText(world, line);
    return csvLine([line.at.toISOString(), word, what, reply]);
  });
  return { name: `log-${id}.csv`, type: "text/csv; charset=utf-8", body: CSV_BOM + rows.join("") };
});
