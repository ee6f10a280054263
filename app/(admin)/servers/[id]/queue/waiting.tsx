import type { QueueRow } from "../../../../../lib/delivery/server-queue.ts";
import type { SignedIn } from "../../../../_server/session.ts";
import { Address } from "../../../../_ui/address.tsx";
import { Checkbox } from "../../../../_ui/choices.tsx";
import { Link } from "../../../../_ui/link.tsx";

/** A message that waits: to whom, how often it was tried and when again, the server's last word; beside it its campaign. */
export function Waiting({ signed: { t, format }, row, writes }: { signed: SignedIn; row: QueueRow; writes: boolean }) {
  const facts = [
    t(`serverScreens.queue.states.${row.state}`),
    t("serverScreens.queue.tries", { n: row.tries }),
    row.nextAt && t("serverScreens.queue.next", { at: format.short(row.nextAt) }),
  ].filter(Boolean);
  const body = (
    <>
      <span className="block [overflow-wrap:anywhere]">
        {row.to ? (
          <Address value={row.to} />
        ) : (
          t(row.kind ? `serverScreens.mailKinds.${row.kind}` : "campaigns.rows.erased")
        )}
      </span>
      <span className="block text-note text-ink-2">{facts.join(" · ")}</span>
      {row.reply && <code className="block font-mono text-note text-ink-2 [overflow-wrap:anywhere]">{row.reply}</code>}
    </>
  );
  return (
    <div className="flex flex-wrap justify-between gap-x-5 px-4 py-(--row) text-table sm:px-5">
      <div className="min-w-0 flex-1 basis-60">
        {writes ? (
          <Checkbox name="ids[]" value={row.id} grouped>
            {body}
          </Checkbox>
        ) : (
          body
        )}
      </div>
      {row.campaign && (
        <Link href={`/campaigns/${row.campaign.id}`} look="quiet" className="max-sm:ml-7.5 [overflow-wrap:anywhere]">
          {row.campaign.name}
        </Link>
      )}
    </div>
  );
}
