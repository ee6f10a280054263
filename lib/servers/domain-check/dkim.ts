import { createPublicKey } from "node:crypto";
import type { DkimSeen, DomainFinding } from "../../../db/schema/dkim.ts";
import { lookAtKey } from "../dkim-look.ts";
import { dkimName, dkimValue, readKeyRecord } from "../dkim-record.ts";
import { type SigningKey, signNow } from "../dkim-sign.ts";
import { type Context, finding, resolverOf, type State } from "./context.ts";

/** `domain`: what the signature names (d=). */
export type Dkim = { state: State; domain: string | undefined; findings: DomainFinding[] };

/** RSA keys below this are passed over by receivers (RFC 8301 §3.2), below that one they are weak. */
const SHORTEST = 1024;
const SHORT = 2048;

/** Whether mail over this server carries a signature that receivers accept. */
export function checkDkim(c: Context): Promise<Dkim> {
  const { server } = c.sender;
  if (server.dkim === "provider") return byProvider(c);
  if (server.dkim === "ours") return byUs(c);
  const facts = { domain: c.from };
  // A mailbox provider signs for its own domains without being asked; whether it does cannot be seen from here.
  if (server.kind === "mailbox") return done("unknown", undefined, finding("dkim", "mailbox", "unknown", facts));
  return done("fail", undefined, finding("dkim", "nobody", "bad", facts));
}

const done = async (state: State, domain: string | undefined, ...findings: DomainFinding[]): Promise<Dkim> => ({
  state,
  domain,
  findings,
});

async function byUs(c: Context): Promise<Dkim> {
  const waits = c.keys.filter((key) => !key.activeAt);
  const waiting = waits.map((key) =>
    finding("dkim", "waits", c.signing.length > 0 ? "warn" : "bad", {
      name: dkimName(key),
      record: dkimValue(key),
      selector: key.selector,
    }),
  );
  if (c.signing.length === 0) {
    const none = waiting.length > 0 ? waiting : [finding("dkim", "no_keys", "bad", { domain: c.from })];
    return done("fail", undefined, ...none);
  }
  const each = await Promise.all(c.signing.map((key) => ofKey(c, key)));
  // RSA is what every receiver knows, and it comes first.
  const state = each[0]?.state ?? "fail";
  return done(state, c.from, ...each.map((one) => one.found), ...waiting);
}

/** A probe is signed with the key and verified against what the DNS says now; where that fails, both resolvers are asked for the reason. */
async function ofKey(c: Context, key: SigningKey): Promise<{ state: State; found: DomainFinding }> {
  const own = c.keys.find((one) => one.id === key.id);
  const probe = Buffer.from(`From: <prova@${c.from}>\r\nSubject: prova\r\n\r\nprova\r\n`);
  const raw = signNow(probe, { keys: [key], at: c.at });
  const { dkimVerify } = await import("mailauth/lib/dkim/verify.js"); // late, as in spf.ts
  const { results } = await dkimVerify(raw, { resolver: resolverOf(c.dns), curTime: c.at });
  const facts = { domain: key.domain, selector: key.selector, name: dkimName(key) };
  if (results[0]?.status.result === "pass")
    return { state: "pass", found: finding("dkim", "ok", "ok", { ...facts, algorithm: key.algorithm }) };
  const seen = own ? await lookAtKey(c.dns, own) : [];
  const record = own ? dkimValue(own) : "";
  const unsure = seen.some((one) => one.found === "timeout" || one.found === "same");
  if (unsure) return { state: "unknown", found: finding("dkim", "unknown", "unknown", facts) };
  return { state: "fail", found: wrong(seen, { ...facts, record }) };
}

function wrong(seen: DkimSeen[], facts: DomainFinding["facts"]): DomainFinding {
  const at = seen.find((one) => one.at)?.at;
  if (at) return finding("dkim", "wrong_name", "bad", { ...facts, at });
  const other = seen.find((one) => one.found === "other")?.value;
  if (other === undefined) return finding("dkim", "missing", "bad", facts);
  const code = /[“”„‟«»"]/.test(other) ? "quotes" : "other";
  return finding("dkim", code, "bad", { ...facts, found: other.slice(0, 300) });
}

async function byProvider(c: Context): Promise<Dkim> {
  const { dkimDomain: domain, dkimSelector: selector } = c.sender.server;
  if (!domain || !selector) return done("fail", undefined, finding("dkim", "nobody", "bad", { domain: c.from }));
  const facts = { domain, selector, name: dkimName({ domain, selector }) };
  const answer = await c.dns(facts.name, "TXT");
  if (answer.is === "unknown") return done("unknown", domain, finding("dkim", "unknown", "unknown", facts));
  const records = (answer.is === "found" ? answer.records : []).map(readKeyRecord);
  const usable = records.find((one) => one.fault === null);
  if (!usable) {
    const revoked = records.some((one) => one.fault === "revoked");
    return done("fail", domain, finding("dkim", revoked ? "revoked" : "provider_missing", "bad", facts));
  }
  const bits = bitsOf(usable);
  if (bits < SHORTEST) return done("fail", domain, finding("dkim", "short", "bad", { ...facts, bits }));
  const found = [finding("dkim", "provider", "ok", facts)];
  if (bits < SHORT) found.push(finding("dkim", "weak", "warn", { ...facts, bits }));
  if (usable.testing) found.push(finding("dkim", "testing", "warn", facts));
  return done("pass", domain, ...found);
}

function bitsOf(record: { algorithm: string; public: string }): number {
  if (record.algorithm !== "rsa") return SHORT;
  try {
    const key = createPublicKey({ key: Buffer.from(record.public, "base64"), format: "der", type: "spki" });
    return key.asymmetricKeyDetails?.modulusLength ?? 0;
  } catch {
    return 0;
  }
}
