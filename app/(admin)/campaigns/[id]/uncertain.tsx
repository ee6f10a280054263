import type { CampaignPage } from "../../../../lib/campaigns/page.ts";
import type { Progress } from "../../../../lib/campaigns/types.ts";
import { deliveriesOf } from "../../../../lib/delivery/rows.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Address } from "../../../_ui/address.tsx";
import { LinkButton } from "../../../_ui/button.tsx";
import { Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { TimeText } from "../../../_ui/time-text.tsx";

const SHOWN = 20;

type Props = { signed: SignedIn; page: CampaignPage; progress: Progress };

/** Messages that were handed over and whose answer nobody knows, by address: the machine never sends them again by itself. */
export async function Uncertain({ signed: { s, who, t }, page, progress }: Props) {
  const n = progress.states.find((one) => one.state === "uncertain")?.n ?? 0;
  if (n === 0) return null;
  const { id } = page.campaign;
  const rows = await deliveriesOf(s, { who, campaign: id, states: ["uncertain"], limit: SHOWN });
  return (
    <Section title={t("campaigns.uncertain.title", { n })}>
      <Sheet>
        <SheetPart>
          <p className="max-w-text">{t("campaigns.uncertain.about")}</p>
          <LinkButton href={`/campaigns/${id}/recovery`}>{t("campaigns.recovery.open")}</LinkButton>
        </SheetPart>
        {rows.map((row) => (
          <div key={row.position} className="flex flex-wrap justify-between gap-x-4 px-4 py-(--row) text-table sm:px-5">
            {row.address ? (
              <Link look="quiet" href={`/contacts/${row.contact}`}>
                <Address value={row.address} />
              </Link>
            ) : (
              <span>{t("campaigns.rows.erased")}</span>
            )}
            <span className="text-ink-2">
              <TimeText at={row.at} />
            </span>
          </div>
        ))}
        {n > SHOWN && (
          <SheetPart>
            <Link href={`/campaigns/${id}/recovery`}>{t("campaigns.uncertain.all", { n })}</Link>
          </SheetPart>
        )}
      </Sheet>
    </Section>
  );
}
