import type { DomainFinding } from "../../../db/schema/dkim.ts";
import { installation } from "../../../db/schema/installation.ts";
import { appNow } from "../../clock.ts";
import type { Services } from "../../services.ts";
import { domainOf } from "../../text/address.ts";
import { keysOf } from "../dkim-find.ts";
import { type SigningKey, signingKeys } from "../dkim-sign.ts";
import { checkBlocklists } from "./blocklists.ts";
import { askOnce, type Context, type Sender, type State, sendingAddresses } from "./context.ts";
import { checkDkim } from "./dkim.ts";
import { checkDmarc } from "./dmarc.ts";
import { checkMtaSts, type FetchPolicy, fetchPolicy } from "./mta-sts.ts";
import { checkMx } from "./mx.ts";
import { checkPtr } from "./ptr.ts";
import { checkSpf } from "./spf.ts";

export type Checked = {
  domain: string;
  at: Date;
  spf: State;
  dkim: State;
  dmarc: "pass" | "fail" | "none" | "unknown";
  findings: DomainFinding[];
};

/**
 * Looks at everything in the DNS that decides whether mail with this From over this server is believed: SPF, DKIM, DMARC and their alignment, the way back,
 * the names of its addresses, blocklists. Asks the DNS and changes nothing.
 */
export async function checkDomain(s: Services, o: { sender: Sender; fetch?: FetchPolicy }): Promise<Checked> {
  const c = await contextOf(s, o.sender);
  const [spf, dkim, mx, ptr, sts, blocklists] = await Promise.all([
    checkSpf(c),
    checkDkim(c),
    checkMx(c),
    checkPtr(c),
    checkMtaSts(c, o.fetch ?? fetchPolicy),
    checkBlocklists(c),
  ]);
  const signed = { spf: { state: spf.state, domain: c.envelope }, dkim: { state: dkim.state, domain: dkim.domain } };
  const dmarc = await checkDmarc(c, signed);
  return {
    ...{ domain: c.from, at: c.at, spf: spf.state, dkim: dkim.state, dmarc: dmarc.state },
    findings: [...spf.findings, ...dkim.findings, ...dmarc.findings, ...mx, ...ptr, ...blocklists, sts],
  };
}

async function contextOf(s: Services, sender: Sender): Promise<Context> {
  const { organization, server } = sender;
  const dns = askOnce(s.dns);
  const from = domainOf(sender.fromAddress);
  const [row] = await s.db.select({ blocklists: installation.blocklists }).from(installation);
  return {
    ...{ dns, sender, from, envelope: domainOf(sender.envelopeFrom), at: await appNow(s.db) },
    addresses: await sendingAddresses(dns, server),
    keys: await keysOf(s.db, { organization, domain: from }),
    signing: await signing(s, { sender, domain: from }),
    blocklists: row?.blocklists ?? [],
  };
}

/** A key that does not open signs nothing, and the lane says so; here it is as if there were none. */
function signing(s: Services, o: { sender: Sender; domain: string }): Promise<SigningKey[]> {
  const { organization, server, owner } = o.sender;
  const of = { server: { organization: owner, dkim: server.dkim }, organization, domain: o.domain };
  return signingKeys(s, of).catch(() => []);
}
