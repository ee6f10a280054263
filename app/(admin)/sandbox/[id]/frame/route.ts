import { readSandbox } from "../../../../../lib/delivery/sandbox-inbox.ts";
import { framed } from "../../../../_server/framed.ts";
import { found, signedIn } from "../../../../_server/session.ts";

/** The HTML of a sandbox message for its frame; links open in tabs of their own. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { s, who } = await signedIn("campaigns.see");
  const message = await found(readSandbox(s, { who, id: (await params).id }));
  return framed(message.html ?? "", { links: true });
}
