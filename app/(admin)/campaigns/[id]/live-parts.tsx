import { lastReplies } from "../../../../lib/campaigns/last-replies.ts";
import type { Progress } from "../../../../lib/campaigns/types.ts";
import type { LiveView } from "../../../../lib/delivery/live-view.ts";
import type { ServerView } from "../../../../lib/servers/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Address } from "../../../_ui/address.tsx";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Figure } from "../../../_ui/figure.tsx";
import { Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { Meter } from "../../../_ui/meter.tsx";
import { ServerTag, serverState } from "../../../_ui/server-tag.tsx";
import { TimeText } from "../../../_ui/time-text.tsx";
import { reasonWords } from "./reason-words.ts";
import { Reply } from "./reply.tsx";

/** Every state with its number; why people are left out stands below theirs. Each number opens its rows. */
export function LiveStates({ signed: { t }, id, progress }: { signed: SignedIn; id: string; progress: Progress }) {
  if (progress.states.length === 0) return null;
  const rows = (query: Record<string, string>) => `/campaigns/${id}/rows?${new URLSearchParams(query)}`;
  return (
    <Section title={t("campaigns.live.states")}>
      <Sheet>
        <Facts>
          {progress.states.map(({ state, n }) => (
            <Fact key={state} term={t(`campaigns.deliveries.${state}`)}>
              <Figure value={n} href={rows({ state })} label={t(`campaigns.deliveries.${state}`)} />
              <ul className="mt-1.5 text-note text-ink-2 empty:hidden">
                {progress.reasons
                  .filter((one) => one.state === state)
                  .map(({ reason, n }) => (
                    <li key={reason} className="py-1">
                      <Figure value={n} href={rows({ state, reason })} label={reasonWords(t, reason)} />{" "}
                      {reasonWords(t, reason)}
                    </li>
                  ))}
              </ul>
            </Fact>
          ))}
        </Facts>
      </Sheet>
    </Section>
  );
}

/** Which servers carry it, how fast, and how much of today each has used. */
export function LiveQuota({ signed, live: { servers, rate } }: { signed: SignedIn; live: LiveView }) {
  const { t } = signed;
  return (
    <Section title={t("campaigns.send.server")}>
      <Sheet>
        {servers.map((server) => (
          <ServerQuota key={server.id} {...{ signed, server }} />
        ))}
        <SheetPart className="text-table text-ink-2">{t("campaigns.live.rate", { n: rate })}</SheetPart>
      </Sheet>
    </Section>
  );
}

function ServerQuota({ signed: { t, format }, server }: { signed: SignedIn; server: ServerView }) {
  const used = (one: { campaign: number; system: number }) => one.campaign + one.system;
  const sandbox = server.kind === "sandbox";
  const windows = [
    { label: t("campaigns.live.today"), most: server.perDayNow, n: used(server.used.day) },
    { label: t("campaigns.live.thisHour"), most: server.perHour, n: used(server.used.hour) },
  ];
  const state = serverState(server);
  return (
    <SheetPart>
      <p className="font-semibold">
        <Link href={sandbox ? "/sandbox" : `/servers/${server.id}`}>
          {sandbox ? t("campaigns.sandboxName") : server.name}
        </Link>
      </p>
      {(state === "paused" || state === "ailing") && <ServerTag {...{ t, server }} />}
      {windows.map(
        ({ label, most, n }) =>
          most !== null && (
            <Meter key={label} label={label} value={n} max={most} reserve={server.reserve}>
              {t("campaigns.live.used", { n: format.number(n), most: format.number(most) })}
            </Meter>
          ),
      )}
    </SheetPart>
  );
}

/** The server's last answers, word for word. */
export async function LiveReplies({ signed: { s, who, t }, id }: { signed: SignedIn; id: string }) {
  const replies = await lastReplies(s, { who, campaign: id });
  if (replies.length === 0) return null;
  return (
    <Section title={t("campaigns.live.replies")}>
      <Sheet>
        {replies.map(({ position, address, state, reply, at }) => (
          <div
            key={position}
            className="grid gap-x-4 px-4 py-(--row) text-table sm:grid-cols-[130px_minmax(0,1fr)] sm:px-5"
          >
            <span className="text-ink-2">
              <TimeText at={at} />
            </span>
            <span className="min-w-0">
              {address ? <Address value={address} /> : t("campaigns.rows.erased")} ·{" "}
              {t(`campaigns.deliveries.${state}`)}
              <Reply {...{ reply, t }} />
            </span>
          </div>
        ))}
      </Sheet>
    </Section>
  );
}
