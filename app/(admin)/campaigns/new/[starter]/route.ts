import { starterPreview } from "../../../../../lib/campaigns/starter-preview.ts";
import { framed, withScheme } from "../../../../_server/framed.ts";
import { found, signedIn } from "../../../../_server/session.ts";

/** A starter as a reader would see it, for its thumbnail. */
export async function GET(_request: Request, { params }: { params: Promise<{ starter: string }> }): Promise<Response> {
  const { s, who } = await signedIn("campaigns.write");
  const html = await found(starterPreview(s, { who, starter: (await params).starter }));
  return framed(withScheme(html, "light"));
}
