"use server";
import { z } from "zod";
import { closeOrganization } from "../../../lib/organizations/close.ts";
import { setSmtpAllow } from "../../../lib/organizations/smtp-allow.ts";
import { setBlocklists } from "../../../lib/servers/domain-check/blocklists-setting.ts";
import { changeShare, endLoan, lend } from "../../../lib/servers/lend.ts";
import { setOperator } from "../../../lib/users/operators.ts";
import { action } from "../../_server/action.ts";
import { neededCount } from "../../_server/typed-count.ts";

const Close = z.strictObject({ organization: z.uuid(), name: z.string().min(1, "REQUIRED").max(200, "TOO_LONG") });
const Allow = z.strictObject({ pairs: z.string().max(30_000, "TOO_LONG") });
const Lists = z.strictObject({ zones: z.string().max(10_000, "TOO_LONG") });
const Loan = z.strictObject({ server: z.uuid("REQUIRED"), organization: z.uuid("REQUIRED") });
const Lend = Loan.extend({ perDay: neededCount({ min: 1, max: 100_000_000 }) });
const Operate = z.strictObject({ user: z.uuid(), operator: z.enum(["yes", "no"]) });

export const close = action(Close, "installation", async ({ s, who }, input) => {
  await closeOrganization(s, { who, ...input });
});

export const allow = action(Allow, "installation", async ({ s, who, t }, { pairs }) => {
  const kept = await setSmtpAllow(s, { who, pairs: pairs.split(/[\s,]+/).filter(Boolean) });
  return t("installation.allow.saved", { n: kept.length });
});

/** Which blocklists the nightly check asks. */
export const askLists = action(Lists, "installation", async ({ s, who, t }, { zones }) => {
  const kept = await setBlocklists(s, { who, zones: zones.split(/[\s,]+/).filter(Boolean) });
  return t("installation.blocklists.saved", { n: kept.length });
});

export const lendServer = action(Lend, "installation", async ({ s, who, t }, input) => {
  await lend(s, { who, ...input });
  return t("installation.loans.lent");
});

export const changeLoan = action(Lend, "installation", async ({ s, who }, input) => {
  await changeShare(s, { who, ...input });
});

export const endOneLoan = action(Loan, "installation", async ({ s, who }, input) => {
  await endLoan(s, { who, ...input });
});

export const operate = action(Operate, "installation", async ({ s, who }, { user, operator }) => {
  await setOperator(s, { who, user, operator: operator === "yes" });
});
