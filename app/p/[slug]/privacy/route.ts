import { NotFound } from "../../../../lib/errors.ts";
import { currentFullNotice } from "../../../../lib/notices/published.ts";
import { noticePage } from "../../../_server/notice-page.ts";
import { publicLocale } from "../../../_server/public-page.ts";
import { publicRoute } from "../../../_server/public-route.ts";

/** The organization's full notice as it is published now. */
export function GET(request: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  return publicRoute(request, async (s) => {
    const { slug } = await params;
    const locale = publicLocale(request, "it");
    const found = await currentFullNotice(s.db, { slug, locale });
    if (!found) throw new NotFound("notice");
    return noticePage(found, { locale, path: `/p/${slug}/privacy` });
  });
}
