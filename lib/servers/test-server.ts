import { and, eq } from "drizzle-orm";
import { installation } from "../../db/schema/installation.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { servers, type TalkStep } from "../../db/schema/servers.ts";
import { users } from "../../db/schema/users.ts";
import { appNow } from "../clock.ts";
import { withinLimits } from "../consent/limits.ts";
import { DomainError, NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { domainOf } from "../text/address.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type Answer, ConnectFailure } from "./answer.ts";
import { type ConnectOptions, connectSmtp, type Route, type SmtpConnection } from "./connection.ts";
import { signedMail } from "./dkim-sign.ts";
import { type Route as Lent, routeRow } from "./lent.ts";
import { openPorts } from "./open-ports.ts";
import { ourAddress } from "./our-address.ts";
import { routeOf } from "./route-of.ts";
import { reasonOf, Talk } from "./talk.ts";
import { testMail } from "./test-mail.ts";
import type { Server } from "./types.ts";
import { giveBack, reserve } from "./windows.ts";

/** Patience, and which other ports are tried when the own one is closed (those of mail where left out). */
export type TestOptions = ConnectOptions & { ports?: readonly number[] };

/** Tests of one person in an hour (B88). */
const MOST = 50;

/**
 * "Collauda": the whole conversation with a server, step by step, with a real mail to the caller's own address at its end.
 * The mail counts against the limits as every other one does. The talk is kept at the server, and whether it went well.
 *
 * @throws DomainError SERVER_TEST_LIMIT (50 an hour) · LOAN_NO_SENDER (a borrower has not said as whom she sends) · SERVER_LIMIT_REACHED · SENDING_LOCKED (restore guard; the operator's own address is let through)
 */
export async function testServer(
  s: Services,
  o: { who: Who; server: string; connect?: TestOptions },
): Promise<{ ok: boolean; talk: TalkStep[] }> {
  requireRight(o.who, "servers.write");
  const { server, loan } = await routeRow(s.db, { organization: o.who.organization, server: o.server });
  if (server.kind === "sandbox") throw new DomainError("SANDBOX_IS_FIXED");
  if (server.fromAddress === "") throw new DomainError("LOAN_NO_SENDER");
  const [me] = await s.db
    .select({ email: users.email, locale: users.locale })
    .from(users)
    .where(eq(users.id, o.who.user));
  if (!me) throw new NotFound("user");
  await mayTest(s, o.who);
  const talk = await converse(s, { server, to: me.email, locale: me.locale, options: o.connect ?? {} });
  const ok = talk.every((step) => step.ok);
  await keep(s, { server, loan }, { testedAt: await appNow(s.db), testOk: ok ? "yes" : "no", testTalk: talk });
  return { ok, talk };
}

/** A borrower's test is about her sender: it is kept at her loan. */
async function keep(
  s: Services,
  { server, loan }: Lent,
  test: { testedAt: Date; testOk: "yes" | "no"; testTalk: TalkStep[] },
): Promise<void> {
  if (!loan) {
    await s.db.update(servers).set(test).where(eq(servers.id, server.id));
    return;
  }
  const mine = and(eq(serverLoans.server, loan.server), eq(serverLoans.organization, loan.organization));
  await s.db.update(serverLoans).set(test).where(mine);
}

async function mayTest(s: Services, who: Who): Promise<void> {
  const [lock] = await s.db.select({ since: installation.lockedSince }).from(installation);
  if (lock?.since && !who.operator) throw new DomainError("SENDING_LOCKED");
  const limit = { scope: "server_test", key: Buffer.from(who.user), most: MOST, hours: 1 };
  if (!(await inTransaction(s, (tx) => withinLimits(tx.db, [limit]))))
    throw new DomainError("SERVER_TEST_LIMIT", { most: MOST });
}

type Attempt = { server: Server; to: string; locale: "it" | "en"; options: TestOptions };

async function converse(s: Services, o: Attempt): Promise<TalkStep[]> {
  const talk = new Talk(o.server);
  let route: Route;
  try {
    route = await routeOf(s, o.server);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return talk.failed("dns", error.code.toLowerCase());
  }
  talk.reach("dns");
  talk.note("dns", { address: route.target.address });
  try {
    const connection = await connectSmtp(route, {
      ...o.options,
      onLine: (line) => talk.line(line, o.server.encryption),
      onCertificate: (certificate) => talk.note("tls", { ...certificate }),
    });
    return await sendTest(s, { ...o, talk, connection });
  } catch (error) {
    if (!(error instanceof ConnectFailure)) throw error;
    return whatFailed(s, { ...o, talk, route, answer: error.answer });
  }
}

/** Where no connection came to be: what else is known about it. */
async function whatFailed(
  s: Services,
  { server, talk, route, answer, options }: Attempt & { talk: Talk; route: Route; answer: Answer },
): Promise<TalkStep[]> {
  await noteAddress(s, talk);
  const [step, reason] = [talk.stepOf(answer), reasonOf(answer)];
  if (step === "tcp") {
    const open = await openPorts(s, { ...server, ...(options.ports ? { ports: options.ports } : {}) });
    talk.note("tcp", { port: server.port, open });
  }
  if (step === "tls" && reason !== "no_encryption") {
    // A second connection reads the certificate that was refused, and ends before anything is signed in or sent: no certificate has this fingerprint.
    const nobody = { ...route, pin: Buffer.alloc(32) };
    await connectSmtp(nobody, {
      ...options,
      onCertificate: (certificate) => talk.note("tls", { ...certificate }),
    }).then(
      (connection) => connection.close(),
      () => undefined,
    );
    if (server.pinSha256 && reason === "certificate") return talk.failed(step, "certificate_changed");
  }
  return talk.failed(step, reason);
}

async function noteAddress(s: Services, talk: Talk): Promise<void> {
  const ours = await ourAddress(s, talk.seen);
  if (ours) talk.note("greeting", { ip: ours.ip, from: ours.from });
}

async function sendTest(s: Services, o: Attempt & { talk: Talk; connection: SmtpConnection }): Promise<TalkStep[]> {
  const { id, organization } = o.server;
  const counted = { server: id, organization, kind: "system" } as const;
  const domain = domainOf(o.to);
  const { n, at } = await inTransaction(s, (tx) => reserve(tx.db, { ...counted, n: 1, domains: [domain] }));
  if (n === 0) {
    void o.connection.quit();
    throw new DomainError("SERVER_LIMIT_REACHED");
  }
  await noteAddress(s, o.talk);
  o.talk.note("mail", { sender: o.server.envelopeFrom });
  const raw = await signedMail(s, { ...o, at, raw: await testMail({ ...o, id: s.randomId(), at }) });
  const answer = await o.connection.send({ from: o.server.envelopeFrom, to: o.to }, raw);
  void o.connection.quit();
  if (answer.untouched) await giveBack(s.db, { ...counted, domain, at });
  if (answer.code !== undefined && answer.code < 400) return o.talk.done();
  return o.talk.failed(o.talk.stepOf(answer), reasonOf(answer));
}
