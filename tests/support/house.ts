import { eq } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { ledgerEntries, ledgers } from "../../db/schema/consent.ts";
import { notices } from "../../db/schema/lists.ts";
import { sandboxMessages, servers } from "../../db/schema/servers.ts";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { appNow } from "../../lib/clock.ts";
import { seal } from "../../lib/crypto/sealed.ts";
import { publishFirstList } from "../../lib/forms/publish-first-list.ts";
import { sequence } from "../../lib/ledger/sequence.ts";
import { tellStaff } from "../../lib/notices/tell-staff.ts";
import { createServer } from "../../lib/servers/create.ts";
import { dkimPage } from "../../lib/servers/dkim-find.ts";
import { makeDkimKeys } from "../../lib/servers/dkim-make.ts";
import { pauseDomain } from "../../lib/servers/pause-domain.ts";
import type { Services } from "../../lib/services.ts";
import { findSession } from "../../lib/users/find-session.ts";
import { invite } from "../../lib/users/invite.ts";
import { listPeople } from "../../lib/users/list-people.ts";
import type { Role } from "../../lib/users/roles.ts";
import { openNotices } from "../../lib/users/staff-notices.ts";
import { startSession } from "../../lib/users/start-session.ts";
import type { Who } from "../../lib/users/who.ts";
import { makeOrganization, makeWho, subscribe } from "./people.ts";

/** Who may come: the roles of an organization, and an operator who has none of them. */
export const CALLERS = ["owner", "marketing", "compliance", "auditor", "operator"] as const;
export type Caller = (typeof CALLERS)[number];

/** An organization in which there is one of each thing. Ids of one house mean nothing to the people of another. */
export type House = {
  organization: string;
  who: Record<Caller, Who>;
  /** Somebody of the house with the role marketing, who is none of the callers. */
  member: string;
  invitation: string;
  session: string;
  list: string;
  form: string;
  notice: string;
  contact: string;
  /** A draft, and one that was launched. */
  campaign: string;
  launched: string;
  server: string;
  sandbox: string;
  message: string;
  staffNotice: string;
  dkimKey: string;
  /** Ids of everything above that must not be seen from another house. */
  ids: string[];
};

/** @param s whose resolver answers with a public address */
export async function makeHouse(s: Services): Promise<House> {
  const organization = await makeOrganization(s, { legalName: `Casa ${s.randomId().slice(-6)} s.r.l.` });
  const roles = ["owner", "marketing", "compliance", "auditor"] as const satisfies readonly Role[];
  const made = await Promise.all(roles.map(async (role) => [role, await makeWho(s, organization, role)] as const));
  const operator: Who = { ...(await makeWho(s, organization)), operator: true };
  const who = { ...Object.fromEntries(made), operator } as Record<Caller, Who>;
  const { user: member } = await makeWho(s, organization, "marketing");
  await invite(s, { who: who.owner, email: `invitata-${member.slice(-6)}@esempio.it`, roles: ["auditor"], by: "link" });
  const [invited] = (await listPeople(s, { who: who.owner })).invitations;
  const session = (await findSession(s.db, await startSession(s, { user: who.owner.user, organization })))?.id;
  const words = { name: "Novità", topics: "novità e offerte", frequency: "una volta al mese" };
  const { list, form } = await publishFirstList(s, { who: who.owner, ...words, locale: "it", tone: "tu" });
  const { contact } = await subscribe(s, { list, form }, `maria-${organization.slice(-6)}@esempio.it`);
  const [notice] = await s.db.select({ id: notices.id }).from(notices).where(eq(notices.list, list)).limit(1);
  const campaign = await createCampaign(s, { who: who.owner, from: "letter", name: "Bozza" });
  const launched = await createCampaign(s, { who: who.owner, from: "letter", name: "Lanciata" });
  await launchIt(s, who.owner, launched);
  const { id: server } = await createServer(s, { who: who.owner, ...SERVER });
  const [sandbox] = await s.db
    .select({ id: servers.id })
    .from(servers)
    .where(eq(servers.organization, organization))
    .limit(1);
  await pauseDomain(s.db, { server, domain: "stretto.example", reason: "policy", reply: "550 5.7.1 no" });
  const message = await putMessage(s, organization);
  await tellStaff(s, {
    ...{ organization, kind: "campaign_ended", object: launched, key: "prova", path: `/campaigns/${launched}` },
    facts: { name: "Lanciata", n: 1 },
  });
  const staffNotice = (await openNotices(s, { who: who.owner }))[0]?.id ?? "";
  await makeDkimKeys(s, { who: who.owner, server, ed25519: false });
  const dkimKey = (await dkimPage(s, { who: who.owner, server })).keys[0]?.id ?? "";
  await sequence(s, organization);
  const house = {
    organization,
    who,
    member,
    invitation: invited?.id ?? "",
    session: session ?? "",
    list,
    form,
    contact,
  };
  const rest = {
    notice: notice?.id ?? "",
    campaign,
    launched,
    server,
    sandbox: sandbox?.id ?? "",
    message,
    staffNotice,
    dkimKey,
  };
  const ids = [
    organization,
    member,
    house.invitation,
    list,
    form,
    contact,
    ...Object.values(rest),
    ...(await entriesOf(s, organization)),
  ];
  return { ...house, ...rest, ids };
}

export const SERVER = {
  ...({ kind: "shared", name: "Hosting", host: "mail.esempio.it", port: 587, encryption: "starttls" } as const),
  ...({
    auth: "password",
    username: "news@esempio.it",
    password: "segreta",
    fromName: "Casa",
    fromAddress: "news@esempio.it",
    perDay: 250,
  } as const),
};

async function launchIt(s: Services, who: Who, campaign: string): Promise<void> {
  const [row] = await s.db.select({ version: campaigns.version }).from(campaigns).where(eq(campaigns.id, campaign));
  await launch(s, { who, campaign, version: row?.version ?? 0 });
}

async function putMessage(s: Services, organization: string): Promise<string> {
  const id = s.randomId();
  const sealed = (column: string, text: string) =>
    seal(s.keys, { table: "sandbox_messages", row: id, column }, Buffer.from(text), s.randomBytes);
  const head = { from: "news@esempio.it", to: "maria@esempio.it", subject: "Prova" };
  const source = `From: ${head.from}\r\nTo: ${head.to}\r\nSubject: Prova\r\n\r\nCiao\r\n`;
  await s.db.insert(sandboxMessages).values({
    ...{
      id,
      organization,
      key: s.randomBytes(16),
      head: sealed("head", JSON.stringify(head)),
      source: sealed("source", source),
    },
    ...{ size: source.length, receivedAt: await appNow(s.db) },
  });
  return id;
}

async function entriesOf(s: Services, organization: string): Promise<string[]> {
  const rows = await s.db
    .select({ id: ledgerEntries.id })
    .from(ledgerEntries)
    .innerJoin(ledgers, eq(ledgers.id, ledgerEntries.ledger))
    .where(eq(ledgers.organization, organization));
  return rows.map(({ id }) => id);
}
