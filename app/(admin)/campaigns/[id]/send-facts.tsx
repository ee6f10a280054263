import type { ReactNode } from "react";
import type { Plan } from "../../../../lib/campaigns/plan.ts";
import type { Draft } from "../../../../lib/campaigns/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Link } from "../../../_ui/link.tsx";
import { rateWords, windowWords } from "./plan-words.ts";

type Props = { signed: SignedIn; plan: Plan; draft: Draft; children?: ReactNode };

/** What the plan is made of: servers, hours, pace, order, last instant, and who else uses them. */
export function SendFacts({ signed, plan, draft, children }: Props) {
  const { t, format } = signed;
  const window = plan.servers.map((server) => windowWords(signed, server)).find(Boolean);
  const own = windowWords(signed, draft);
  const rests = plan.servers.some(({ restHolidays }) => restHolidays);
  const always = [own ?? window ?? t("campaigns.window.always"), rests && t("campaigns.window.holidays")];
  return (
    <Facts>
      <Fact term={t("campaigns.send.server")}>
        <Servers {...{ signed, plan }} />
      </Fact>
      <Fact term={t("campaigns.window.term")}>{always.filter(Boolean).join(", ")}</Fact>
      <Fact term={t("campaigns.send.rate")}>
        {draft.perHour !== null && <p>{t("campaigns.send.ownRate", { n: draft.perHour })}</p>}
        {plan.servers.map((server) => (
          <p key={server.id}>{rateWords(signed, server)}</p>
        ))}
      </Fact>
      <Fact term={t("campaigns.sending.order")}>{t(`campaigns.sending.orders.${draft.sendOrder}`)}</Fact>
      {draft.notAfter && <Fact term={t("campaigns.sending.notAfter")}>{format.instant(new Date(draft.notAfter))}</Fact>}
      <SharedWith {...{ signed, plan }} />
      {children}
    </Facts>
  );
}

function Servers({ signed: { t }, plan }: { signed: SignedIn; plan: Plan }) {
  return plan.servers.map(({ id, kind, name, host, port }) => (
    <p key={id}>
      <Link href={kind === "sandbox" ? "/servers" : `/servers/${id}`}>
        {kind === "sandbox" ? t("campaigns.sandboxName") : name}
      </Link>
      {kind !== "sandbox" && (
        <span className="text-ink-2"> · {t("campaigns.plan.port", { host, port: String(port) })}</span>
      )}
    </p>
  ));
}

/** Other campaigns that take room on the same servers, and until when. */
function SharedWith({ signed: { t, format }, plan }: { signed: SignedIn; plan: Plan }) {
  const found = plan.forecast.conflicts.flatMap((one) => (one.kind === "collision" ? [one] : []));
  if (found.length === 0) return null;
  return (
    <Fact term={t("campaigns.plan.sharedWith")}>
      {found.map(({ task, until }) => {
        const name = plan.names[task];
        return (
          <p key={task}>
            {name ? <Link href={`/campaigns/${task}`}>{name}</Link> : t("campaigns.plan.somebodyElse")},{" "}
            {t("campaigns.plan.until", { day: format.day(until) })}
          </p>
        );
      })}
    </Fact>
  );
}
