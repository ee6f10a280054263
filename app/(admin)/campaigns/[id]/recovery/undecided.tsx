import type { DeliveryRow } from "../../../../../lib/delivery/rows.ts";
import type { SignedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { Address } from "../../../../_ui/address.tsx";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { Link } from "../../../../_ui/link.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { TimeText } from "../../../../_ui/time-text.tsx";
import { reasonWords } from "../reason-words.ts";
import { decide, decideAll } from "./actions.ts";

type Props = {
  signed: SignedIn;
  id: string;
  writes: boolean;
  uncertain: number;
  rows: DeliveryRow[];
  more: boolean;
};

/** Each by address, with its two ways out; then both for all of them. */
export function Undecided({ signed: { t }, id, writes, uncertain, rows, more }: Props) {
  const all = (decision: "leave" | "again") => (
    <ConfirmDialog
      open={t(`campaigns.recovery.all.${decision}`, { n: uncertain })}
      openLook={decision === "leave" ? "plain" : "danger"}
      title={t(`campaigns.recovery.sure.${decision}`)}
      action={decideAll}
      values={{ campaign: id, decision }}
      confirm={t(`campaigns.recovery.all.${decision}`, { n: uncertain })}
      confirmLook={decision === "leave" ? "primary" : "danger"}
    >
      <p>{t(`campaigns.recovery.means.${decision}`, { n: uncertain })}</p>
    </ConfirmDialog>
  );
  return (
    <Sheet>
      <SheetPart>
        <p className="max-w-text">{t("campaigns.uncertain.about")}</p>
        {writes && (
          <div className="flex flex-wrap gap-2">
            {all("leave")}
            {all("again")}
          </div>
        )}
      </SheetPart>
      {rows.map((row) => (
        <SheetPart
          key={row.position}
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 space-y-0 !py-(--row)"
        >
          <div className="min-w-0 text-table">
            {row.address ? (
              <Link look="quiet" href={`/contacts/${row.contact}`}>
                <Address value={row.address} />
              </Link>
            ) : (
              t("campaigns.rows.erased")
            )}
            <span className="block text-note text-ink-2">
              <TimeText at={row.at} /> · {reasonWords(t, row.reason ?? "owner_gone")}
            </span>
          </div>
          {writes && (
            <Decision
              id={id}
              row={row}
              words={{ leave: t("campaigns.recovery.leave"), again: t("campaigns.recovery.again") }}
            />
          )}
        </SheetPart>
      ))}
      {more && (
        <SheetPart>
          <Link href={`/campaigns/${id}/recovery?after=${rows.at(-1)?.position}`}>{t("campaigns.recovery.next")}</Link>
        </SheetPart>
      )}
    </Sheet>
  );
}

type DecisionProps = { id: string; row: DeliveryRow; words: { leave: string; again: string } };

function Decision({ id, row, words }: DecisionProps) {
  return (
    <ActionForm
      action={decide}
      id={`row-${row.position}`}
      {...(row.address ? { label: row.address } : {})}
      className="flex flex-wrap gap-2"
    >
      <input type="hidden" name="campaign" value={id} />
      <input type="hidden" name="position" value={row.position} />
      <SubmitButton look="plain" name="decision" value="leave">
        {words.leave}
      </SubmitButton>
      <SubmitButton look="plain" name="decision" value="again">
        {words.again}
      </SubmitButton>
    </ActionForm>
  );
}
