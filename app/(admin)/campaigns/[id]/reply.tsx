import { keptInSandbox } from "../../../../lib/campaigns/kept-in-sandbox.ts";
import type { Translate } from "../../../_server/translate.ts";
import { Link } from "../../../_ui/link.tsx";

/** What a server answered, word for word; the sandbox's own answer is the way to the message that it keeps. */
export function Reply({ reply, t }: { reply: string; t: Translate }) {
  const message = keptInSandbox(reply);
  if (!message) return <code className="block font-mono text-note text-ink-2 [overflow-wrap:anywhere]">{reply}</code>;
  return (
    <span className="block text-note">
      <Link href={`/sandbox/${message}`}>{t("campaigns.rows.keptInSandbox")}</Link>
    </span>
  );
}
