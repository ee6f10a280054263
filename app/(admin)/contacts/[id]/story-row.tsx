import { Fragment, type ReactNode } from "react";
import type { StoryLine } from "../../../../lib/consent/story.ts";
import type { NoticeVersion } from "../../../../lib/notices/types.ts";
import { withoutBidi } from "../../../../lib/text/header.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Link } from "../../../_ui/link.tsx";
import { RegisterRow } from "../../../_ui/register.tsx";
import { StatusTag, type Tone } from "../../../_ui/status-tag.tsx";
import { TimeText } from "../../../_ui/time-text.tsx";

/** The state that an event led to. */
const STATES: Record<string, { tone: Tone; word: string }> = {
  "consent.requested": { tone: "warn", word: "waiting" },
  "consent.confirmed": { tone: "ok", word: "active" },
  "consent.renewed": { tone: "ok", word: "active" },
  "withdrawal.undone": { tone: "ok", word: "active" },
  "consent.withdrawn": { tone: "bad", word: "withdrawn" },
  "objection.made": { tone: "bad", word: "withdrawn" },
  "suppression.added": { tone: "bad", word: "stopped" },
  "mailing.rejected": { tone: "bad", word: "rejected" },
  "mailing.uncertain": { tone: "warn", word: "uncertain" },
  "mailing.excluded": { tone: "still", word: "excluded" },
};

type Props = { line: StoryLine; texts: NoticeVersion[]; signed: SignedIn };

/** One event of a person's register: what, by which way, with which words; and for compliance from where. */
export function StoryRow({ line, texts, signed }: Props) {
  const { t, format, who } = signed;
  const state = STATES[line.kind];
  const words = whatWords(line, signed);
  const opens = line.number !== undefined && hasRight(who, "ledger.see");
  return (
    <RegisterRow
      {...(line.number === undefined ? {} : { serial: format.entry(line.number - 1) })}
      waiting={line.campaign ? "" : t("contacts.waits")}
      time={<TimeText at={line.at} />}
      what={opens ? <Link href={`/register/${line.number}`}>{words}</Link> : words}
      detail={<Details facts={facts(line, texts, signed)} evidence={evidence(line, signed)} />}
      state={
        <>
          {line.simulated && <StatusTag tone="info">{t("contacts.states.simulated")}</StatusTag>}
          {state && <StatusTag tone={state.tone}>{t(`contacts.states.${state.word}`)}</StatusTag>}
        </>
      }
    />
  );
}

function whatWords({ kind, campaign, list }: StoryLine, { t }: SignedIn): ReactNode {
  if (campaign)
    return t.rich(`contacts.mailings.${kind.replace("mailing.", "")}`, {
      campaign: () => <Link href={`/campaigns/${campaign.id}`}>{campaign.name}</Link>,
    });
  const what = t(`recordKinds.${kind.replace(".", "_")}`);
  return list ? t("contacts.onList", { what, list }) : what;
}

/** What everybody may read. */
function facts(line: StoryLine, texts: NoticeVersion[], { t, format }: SignedIn): ReactNode[] {
  const hash = line.notices?.[0]?.sha256;
  const text = texts.find((one) => one.sha256 === hash);
  const boxes = line.boxes?.map((box) =>
    t(box.ticked ? "contacts.boxTicked" : "contacts.boxEmpty", { purpose: t(`lists.purposes.${box.purpose}`) }),
  );
  const method = line.method && methodWords(line.method, t);
  return [
    ...(text
      ? [
          <Link key="text" href={`/notices/${text.id}`}>
            {t("contacts.textVersion", { n: text.version })}
          </Link>,
        ]
      : []),
    ...(boxes ?? []),
    ...(method ? [method] : []),
    ...(line.level ? [t("contacts.level", { level: line.level })] : []),
    ...(line.validUntil ? [t("contacts.validUntil", { at: format.date(line.validUntil) })] : []),
  ];
}

function methodWords(method: string, t: SignedIn["t"]): string {
  for (const group of ["contacts.methods", "contacts.channels", "standings.reasons", "campaigns.reasons"])
    if (t.has(`${group}.${method}`)) return t(`${group}.${method}`);
  return method;
}

/** What only those see who may see evidence (CC-05). */
function evidence({ evidence: e }: StoryLine, { t }: SignedIn): ReactNode[] {
  if (!e) return [];
  const { request, mail, note } = e;
  const said: [string, string | undefined][] = [
    ["ip", request?.ip],
    ["page", request?.page],
    ["userAgent", request?.user_agent],
    ["messageId", mail?.message_id],
    ["reply", mail?.reply],
    ["note", note],
  ];
  return said.flatMap(([name, value]) =>
    value ? [t(`contacts.evidence.${name}`, { value: withoutBidi(value) })] : [],
  );
}

function Details({ facts, evidence }: { facts: ReactNode[]; evidence: ReactNode[] }) {
  return (
    <>
      {facts.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: details of one row have no other identity
        <Fragment key={i}>
          {i > 0 && " · "}
          {one}
        </Fragment>
      ))}
      {evidence.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: details of one row have no other identity
        <span key={i} className="block">
          {one}
        </span>
      ))}
    </>
  );
}
