import { z } from "zod";
import { DraftChange } from "../../../../../lib/campaigns/draft.ts";
import { compilePreview, type Preview } from "../../../../../lib/campaigns/preview.ts";
import { failure, statusOf } from "../../../../_server/failure.ts";
import { readFields } from "../../../../_server/form-fields.ts";
import { framed, framedText, withScheme } from "../../../../_server/framed.ts";
import { escapeHtml } from "../../../../_server/html.ts";
import { fromOurPages } from "../../../../_server/origin.ts";
import { services } from "../../../../_server/services.ts";
import { currentSession, reading, type SignedIn } from "../../../../_server/session.ts";

type Context = { params: Promise<{ id: string }> };

/** PostgreSQL's largest integer. */
const MOST = 2_147_483_647;

const View = z.object({
  part: z.enum(["html", "text", "derived"]).catch("html"),
  dark: z.literal("1").optional().catch(undefined),
  as: z.uuid().optional().catch(undefined),
  version: z.coerce.number().int().positive().max(MOST).optional().catch(undefined),
});
const Typed = DraftChange.pick({ subject: true, preheader: true, mjml: true, text: true });

/** The saved draft, or a kept version, as its readers will see it. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(await params, new URL(request.url).searchParams, {});
}

/** The same of what is typed and not saved yet; nothing is written. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { config } = await services();
  if (!fromOurPages(request.headers, config.APP_URL)) return new Response(null, { status: 403 });
  const body = await request.formData().catch(() => undefined);
  if (!body) return new Response(null, { status: 400 });
  const read = readFields(body);
  const typed = Typed.safeParse("fields" in read ? read.fields : undefined);
  if (!typed.success) return new Response(null, { status: 422 });
  return answer(await params, new URL(request.url).searchParams, typed.data);
}

async function answer({ id }: { id: string }, search: URLSearchParams, change: DraftChange): Promise<Response> {
  const session = await currentSession();
  if (!session?.organization) return new Response(null, { status: 401 });
  const signedIn = reading(await services(), session, session.organization);
  const { part, dark, as, version } = View.parse(Object.fromEntries(search));
  try {
    const shown = await compilePreview(signedIn.s, {
      ...{ who: signedIn.who, campaign: id, change },
      ...(as ? { contact: as } : {}),
      ...(version ? { version } : {}),
    });
    if (part === "derived") return new Response(shown.derivedText);
    if (shown.html === "") return broken(signedIn, shown);
    if (part === "text") return framedText(shown.text, { lang: signedIn.locale, title: shown.subject });
    return framed(withScheme(shown.html, dark ? "dark" : "light"));
  } catch (error) {
    const said = failure(signedIn.s, error, signedIn.t, "preview");
    return new Response(said.text, { status: statusOf(said.code) });
  }
}

/** Why there is no preview, line by line. */
function broken({ t, locale }: SignedIn, { findings }: Preview): Response {
  const errors = findings.filter((one) => one.level === "error");
  const items = errors.map((one) => {
    const line = t("campaigns.preview.line", { n: one.line });
    return `<li><b>${escapeHtml(line)}</b> ${escapeHtml(t(`templates.findings.${one.code}`, one.facts))}</li>`;
  });
  const title = escapeHtml(t("campaigns.preview.broken"));
  return framed(`<!doctype html><html lang="${locale}"><head><title>${title}</title><style>:root{color-scheme:light dark}
    body{margin:20px;font:15px/1.5 system-ui,sans-serif}h1{font-size:17px}li{margin:8px 0}</style></head>
    <body><h1>${title}</h1><ul>${items.join("")}</ul></body></html>`);
}
