import { z } from "zod";
import { exportRows } from "../../../../../../lib/delivery/export-rows.ts";
import type { DeliveryRow } from "../../../../../../lib/delivery/rows.ts";
import { CSV_BOM, csvLine } from "../../../../../../lib/text/csv.ts";
import { failure, statusOf } from "../../../../../_server/failure.ts";
import { download } from "../../../../../_server/file-route.ts";
import { readFields } from "../../../../../_server/form-fields.ts";
import { fromOurPages } from "../../../../../_server/origin.ts";
import { services } from "../../../../../_server/services.ts";
import { currentSession, reading, type SignedIn } from "../../../../../_server/session.ts";
import { reasonWords } from "../../reason-words.ts";

const Filter = z.strictObject({
  states: z.string().max(200).optional(),
  reason: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional(),
});

/** A file of the people behind a figure. A POST, because it is recorded who took it; row by row, so that a million need no memory. */
export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const s = await services();
  if (!fromOurPages(request.headers, s.config.APP_URL)) return new Response(null, { status: 403 });
  const session = await currentSession();
  if (!session?.organization) return new Response(null, { status: 401 });
  const world = reading(s, session, session.organization);
  const form = await request.formData().catch(() => new FormData());
  const read = readFields(form);
  const filter = Filter.safeParse("fields" in read ? read.fields : undefined);
  if (!filter.success) return new Response(null, { status: 422 });
  const { states, reason } = filter.data;
  const { id } = await params;
  try {
    const pages = await exportRows(s, {
      ...{ who: world.who, campaign: id },
      ...(states ? { states: states.split(" ") } : {}),
      ...(reason ? { reason } : {}),
    });
    return download({ name: `people-${id}.csv`, type: "text/csv; charset=utf-8", body: lines(world, pages) });
  } catch (error) {
    const said = failure(s, error, world.t, "file");
    return new Response(said.text, { status: statusOf(said.code) });
  }
}

function lines({ t }: SignedIn, pages: AsyncGenerator<DeliveryRow[]>): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  const heads = (["address", "state", "why", "reply", "at"] as const).map((key) => t(`campaigns.rows.${key}`));
  const lineOf = (row: DeliveryRow) =>
    csvLine([
      row.address ?? t("campaigns.rows.erased"),
      t(`campaigns.deliveries.${row.state}`),
      row.reason ? reasonWords(t, row.reason) : null,
      row.reply,
      row.at.toISOString(),
    ]);
  return new ReadableStream({
    start: (to) => to.enqueue(utf8.encode(CSV_BOM + csvLine(heads))),
    async pull(to) {
      const { value, done } = await pages.next();
      if (done) to.close();
      else to.enqueue(utf8.encode(value.map(lineOf).join("")));
    },
  });
}
