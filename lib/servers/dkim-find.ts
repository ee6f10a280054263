import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { type DkimSeen, dkimKeys } from "../../db/schema/dkim.ts";
import { appNow } from "../clock.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { domainOf } from "../text/address.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type DkimAlgorithm, dkimName, dkimValue, fingerprint, readKeyRecord, splitText } from "./dkim-record.ts";
import { routeRow } from "./lent.ts";
import type { Server } from "./types.ts";

export type DkimKey = typeof dkimKeys.$inferSelect;

/** Days that the record of a retired key must stand: mail that was signed with it is still under way or waits in a queue. */
export const STAND_DAYS = 7;

const DAY = 86_400_000;

/** The domain that our signatures name for a server's mail: that of its From, so that they are aligned (RFC 9989 §4.4). */
export function signingDomain(server: Pick<Server, "fromAddress">): string {
  return domainOf(server.fromAddress);
}

/** All keys of an organization for a domain that are not removed, oldest first, RSA before Ed25519. */
export function keysOf(db: Db, o: { organization: string; domain: string }): Promise<DkimKey[]> {
  return db
    .select()
    .from(dkimKeys)
    .where(and(eq(dkimKeys.organization, o.organization), eq(dkimKeys.domain, o.domain), isNull(dkimKeys.removedAt)))
    .orderBy(asc(dkimKeys.createdAt), desc(dkimKeys.algorithm));
}

/** One key of this organization. @throws NotFound */
export async function keyRow(db: Db, o: { organization: string; key: string }): Promise<DkimKey> {
  const mine = and(eq(dkimKeys.id, o.key), eq(dkimKeys.organization, o.organization), isNull(dkimKeys.removedAt));
  const [row] = await db.select().from(dkimKeys).where(mine);
  if (!row) throw new NotFound("key");
  return row;
}

/** The domains with keys that wait for their record to be seen; after a month nobody is publishing it any more, and only a press looks again. */
export async function domainsWaiting(db: Db): Promise<{ organization: string; domain: string }[]> {
  const young = sql`${dkimKeys.createdAt} > (select app_now()) - interval '30 days'`;
  return db
    .selectDistinct({ organization: dkimKeys.organization, domain: dkimKeys.domain })
    .from(dkimKeys)
    .where(and(isNull(dkimKeys.activeAt), isNull(dkimKeys.removedAt), young));
}

/** A key as its page shows it: the record in every form that a panel may want, and what the resolvers said. */
export type DkimKeyView = {
  id: string;
  algorithm: DkimAlgorithm;
  selector: string;
  /** The whole name of the record, and what is to be entered where the panel adds the domain. */
  name: string;
  host: string;
  value: string;
  pieces: string[];
  fingerprint: string;
  /** `waits`: its record has not been seen by both. `signs`. `stands`: replaced, its record must stay. `over`: the record may go. */
  state: "waits" | "signs" | "stands" | "over";
  createdAt: Date;
  activeAt: Date | null;
  seenAt: Date | null;
  seen: (DkimSeen & { fingerprint?: string })[];
  /** From when on the record may be taken out. */
  freeAt: Date | null;
};

export type DkimPage = {
  mode: Server["dkim"];
  /** What signatures name, or would name. */
  domain: string;
  provider: { domain: string; selector: string } | null;
  keys: DkimKeyView[];
};

/** The signing keys of a server's From domain, and who signs. */
export async function dkimPage(s: Services, o: { who: Who; server: string }): Promise<DkimPage> {
  requireRight(o.who, "servers.see");
  const { organization } = o.who;
  const { server } = await routeRow(s.db, { organization, server: o.server });
  const domain = signingDomain(server);
  const keys = await keysOf(s.db, { organization, domain });
  const { dkimDomain, dkimSelector } = server;
  const at = await appNow(s.db);
  return {
    ...{ mode: server.dkim, domain, keys: keys.map((key) => viewOf(key, at)) },
    provider: dkimDomain && dkimSelector ? { domain: dkimDomain, selector: dkimSelector } : null,
  };
}

function viewOf(key: DkimKey, at: Date): DkimKeyView {
  const { id, algorithm, selector, createdAt, activeAt, seenAt, retiredAt } = key;
  const freeAt = retiredAt && new Date(retiredAt.getTime() + STAND_DAYS * DAY);
  const state = freeAt ? (freeAt <= at ? "over" : "stands") : activeAt ? "signs" : "waits";
  const value = dkimValue(key);
  const seen = (key.seen ?? []).map((one) => {
    const other = one.value ? readKeyRecord(one.value).public : "";
    return { ...one, ...(other ? { fingerprint: fingerprint(other) } : {}) };
  });
  return {
    ...{ id, algorithm, selector, createdAt, activeAt, seenAt, freeAt, state, seen, value },
    ...{ name: dkimName(key), host: `${selector}._domainkey`, pieces: splitText(value) },
    fingerprint: fingerprint(key.public),
  };
}
