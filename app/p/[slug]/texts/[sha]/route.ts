import { NotFound } from "../../../../../lib/errors.ts";
import { publishedText } from "../../../../../lib/notices/published.ts";
import { noticePage } from "../../../../_server/notice-page.ts";
import { publicLocale } from "../../../../_server/public-page.ts";
import { publicRoute } from "../../../../_server/public-route.ts";

/** Any text that was ever published, by its SHA-256: what somebody agreed to stays readable (CC-04). */
export function GET(
  request: Request,
  { params }: { params: Promise<{ slug: string; sha: string }> },
): Promise<Response> {
  return publicRoute(request, async (s) => {
    const { slug, sha } = await params;
    const found = /^[0-9a-f]{64}$/.test(sha)
      ? await publishedText(s.db, { slug, sha256: Buffer.from(sha, "hex") })
      : undefined;
    if (!found) throw new NotFound("notice");
    return noticePage(found, { locale: publicLocale(request, found.notice.locale), path: `/p/${slug}/texts/${sha}` });
  });
}
