import type { DomainFinding } from "../../../db/schema/dkim.ts";
import type { Services } from "../../services.ts";
import { domainOf } from "../../text/address.ts";
import { requireRight } from "../../users/roles.ts";
import type { Who } from "../../users/who.ts";
import { checksOf } from "./keep-check.ts";
import { senderOf } from "./senders.ts";

const MOST = 30;

export type DomainState = {
  at: Date;
  spf: "pass" | "fail" | "unknown";
  dkim: "pass" | "fail" | "unknown";
  dmarc: "pass" | "fail" | "none" | "unknown";
};

export type DomainPage = {
  domain: string;
  envelope: string;
  now: (DomainState & { findings: DomainFinding[] }) | null;
  /** States one after another, newest first: from when until when each was seen, and which problems it had. */
  history: (DomainState & { until: Date; problems: DomainFinding[] })[];
};

/** What is known of a server's From domain: the last check, and how it was before. */
export async function domainPage(s: Services, o: { who: Who; server: string }): Promise<DomainPage> {
  requireRight(o.who, "servers.see");
  const sender = await senderOf(s, { organization: o.who.organization, server: o.server });
  const domain = domainOf(sender.fromAddress);
  const rows = await checksOf(s, { sender, domain, limit: 2 * MOST });
  const [now] = rows;
  const history: DomainPage["history"] = [];
  for (const row of rows) {
    const last = history.at(-1);
    const problems = row.findings.filter((one) => one.level === "bad");
    if (last && alike(last, { ...row, problems })) last.at = row.at;
    else history.push({ ...stateOf(row), until: row.at, problems });
  }
  return {
    domain,
    envelope: domainOf(sender.envelopeFrom),
    now: now ? { ...stateOf(now), findings: now.findings } : null,
    history: history.slice(0, MOST),
  };
}

const stateOf = ({ at, spf, dkim, dmarc }: DomainState): DomainState => ({ at, spf, dkim, dmarc });

function alike(a: DomainState & { problems: DomainFinding[] }, b: typeof a): boolean {
  const text = (one: typeof a) =>
    JSON.stringify([one.spf, one.dkim, one.dmarc, one.problems.map(({ check, code }) => `${check}.${code}`)]);
  return text(a) === text(b);
}
