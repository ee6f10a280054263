import { and, desc, eq } from "drizzle-orm";
import { type DomainFinding, domainChecks } from "../../../db/schema/dkim.ts";
import { quietNotice } from "../../notices/quiet-notice.ts";
import { tellStaff } from "../../notices/tell-staff.ts";
import { inTransaction, type Services } from "../../services.ts";
import type { Checked } from "./check-domain.ts";
import type { Sender } from "./context.ts";

/** Earlier checks that are looked at: nights without an answer lie between a problem and its next sight. */
const LOOK_BACK = 14;

type Row = typeof domainChecks.$inferSelect;

/**
 * Keeps what a check found. Of a state that lasts the first and the last check are kept: since when it is so, and that it still is. Tells staff of problems that the last check
 * which could look did not find; when none is left, the alarms are over.
 */
export function keepCheck(s: Services, o: { sender: Sender; checked: Checked }): Promise<void> {
  const { sender, checked } = o;
  return inTransaction(s, async (tx) => {
    const earlier = await checksOf(tx, { sender, domain: checked.domain, limit: LOOK_BACK });
    const [last, before] = earlier;
    if (last && before && same(last, checked) && same(before, checked))
      await tx.db.update(domainChecks).set({ at: checked.at }).where(eq(domainChecks.id, last.id));
    else
      await tx.db
        .insert(domainChecks)
        .values({ id: tx.randomId(), organization: sender.organization, server: sender.server.id, ...checked });
    if (last && newProblems(earlier, checked).length > 0) await tell(tx, o);
    if (checked.findings.every((one) => one.level === "ok" || one.level === "warn"))
      await quietNotice(tx, { organization: sender.organization, kind: "domain_alarm", object: sender.server.id });
  });
}

/** Checks of one sender over one server, newest first: index scan of `checks_of_server`, backwards. */
export function checksOf(
  s: Services,
  o: { sender: { organization: string; server: { id: string } }; domain: string; limit: number },
): Promise<Row[]> {
  const { organization, server } = o.sender;
  return s.db
    .select()
    .from(domainChecks)
    .where(
      and(
        eq(domainChecks.server, server.id),
        eq(domainChecks.organization, organization),
        eq(domainChecks.domain, o.domain),
      ),
    )
    .orderBy(desc(domainChecks.at))
    .limit(o.limit);
}

const signature = (one: DomainFinding) =>
  `${one.check}.${one.code}.${one.facts.subject ?? one.facts.address ?? one.facts.selector ?? ""}`;

function same(a: Pick<Row, "spf" | "dkim" | "dmarc" | "findings">, b: Checked): boolean {
  const text = (one: typeof a) => JSON.stringify([one.spf, one.dkim, one.dmarc, one.findings.map(signature).sort()]);
  return text(a) === text(b);
}

/** What is bad now and was not when this part of the check last had an answer. */
export function newProblems(earlier: Pick<Row, "findings">[], checked: Checked): DomainFinding[] {
  return checked.findings.filter((one) => {
    if (one.level !== "bad") return false;
    const part = earlier.map((row) => row.findings.filter(({ check }) => check === one.check));
    const known = part.find((found) => found.length > 0 && found.every(({ level }) => level !== "unknown"));
    return known !== undefined && !known.some((old) => old.level === "bad" && signature(old) === signature(one));
  });
}

async function tell(s: Services, { sender, checked }: { sender: Sender; checked: Checked }): Promise<void> {
  const { id, name } = sender.server;
  await tellStaff(s, {
    ...{ organization: sender.organization, kind: "domain_alarm", object: id, path: `/servers/${id}/domain` },
    // Once a day at most, however often somebody presses.
    key: `domain_alarm:${id}:${checked.at.toISOString().slice(0, 10)}`,
    facts: { name, domain: checked.domain },
  });
}
