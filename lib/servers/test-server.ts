import { eq } from "drizzle-orm";
import { installation } from "../../db/schema/installation.ts";
import { servers, type TalkStep } from "../../db/schema/servers.ts";
import { users } from "../../db/schema/users.ts";
import { appNow } from "../clock.ts";
import { withinLimits } from "../consent/limits.ts";
import { DomainError, NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { ConnectFailure } from "./answer.ts";
import { type ConnectOptions, connectSmtp, type SmtpConnection } from "./connection.ts";
import { signedMail } from "./dkim-sign.ts";
import { ehloName } from "./ehlo.ts";
import { serverRow } from "./find.ts";
import { credentialsOf } from "./password.ts";
import { reasonOf, Talk } from "./talk.ts";
import { checkTarget, type Target } from "./target.ts";
import { testMail } from "./test-mail.ts";
import type { Server } from "./types.ts";
import { giveBack, reserve } from "./windows.ts";

/** Tests of one person in an hour (B88). */
const MOST = 50;

/**
 * "Collauda": the whole conversation with a server, step by step, with a real mail to the caller's own address at its end.
 * The mail counts against the limits as every other one does. The talk is kept at the server, and whether it went well.
 *
 * @throws DomainError SERVER_TEST_LIMIT (50 an hour) · SERVER_LIMIT_REACHED · SENDING_LOCKED (restore guard; the operator's own address is let through)
 */
export async function testServer(
  s: Services,
  o: { who: Who; server: string; connect?: ConnectOptions },
): Promise<{ ok: boolean; talk: TalkStep[] }> {
  requireRight(o.who, "servers.write");
  const server = await serverRow(s.db, { organization: o.who.organization, server: o.server });
  if (server.kind === "sandbox") throw new DomainError("SANDBOX_IS_FIXED");
  const [me] = await s.db
    .select({ email: users.email, locale: users.locale })
    .from(users)
    .where(eq(users.id, o.who.user));
  if (!me) throw new NotFound("user");
  await mayTest(s, o.who);
  const talk = await converse(s, { server, to: me.email, locale: me.locale, options: o.connect ?? {} });
  const ok = talk.every((step) => step.ok);
  await s.db
    .update(servers)
    .set({ testedAt: await appNow(s.db), testOk: ok ? "yes" : "no", testTalk: talk })
    .where(eq(servers.id, server.id));
  return { ok, talk };
}

async function mayTest(s: Services, who: Who): Promise<void> {
  const [lock] = await s.db.select({ since: installation.lockedSince }).from(installation);
  if (lock?.since && !who.operator) throw new DomainError("SENDING_LOCKED");
  const limit = { scope: "server_test", key: Buffer.from(who.user), most: MOST, hours: 1 };
  if (!(await inTransaction(s, (tx) => withinLimits(tx.db, [limit]))))
    throw new DomainError("SERVER_TEST_LIMIT", { most: MOST });
}

type Attempt = { server: Server; to: string; locale: "it" | "en"; options: ConnectOptions };

async function converse(s: Services, o: Attempt): Promise<TalkStep[]> {
  const talk = new Talk(o.server);
  let target: Target;
  try {
    target = await checkTarget(s, o.server);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return talk.failed("dns", error.code.toLowerCase());
  }
  talk.reach("dns");
  const credentials = credentialsOf(s, o.server);
  try {
    const connection = await connectSmtp(
      {
        target,
        encryption: o.server.encryption,
        name: ehloName(s.config.PUBLIC_URL),
        ...(credentials ? { credentials } : {}),
      },
      { ...o.options, onLine: (line) => talk.line(line, o.server.encryption) },
    );
    return await sendTest(s, { ...o, talk, connection });
  } catch (error) {
    if (!(error instanceof ConnectFailure)) throw error;
    return talk.failed(talk.stepOf(error.answer), reasonOf(error.answer));
  }
}

async function sendTest(s: Services, o: Attempt & { talk: Talk; connection: SmtpConnection }): Promise<TalkStep[]> {
  const counted = { server: o.server.id, kind: "system" as const, n: 1 };
  const { n, at } = await inTransaction(s, (tx) => reserve(tx.db, counted));
  if (n === 0) {
    void o.connection.quit();
    throw new DomainError("SERVER_LIMIT_REACHED");
  }
  const raw = await signedMail(s, { ...o, at, raw: await testMail({ ...o, id: s.randomId(), at }) });
  const answer = await o.connection.send({ from: o.server.envelopeFrom, to: o.to }, raw);
  void o.connection.quit();
  if (answer.untouched) await giveBack(s.db, { ...counted, at });
  if (answer.code !== undefined && answer.code < 400) return o.talk.done();
  return o.talk.failed(o.talk.stepOf(answer), reasonOf(answer));
}
