import { sql } from "drizzle-orm";
import { campaignLists, campaignServers, campaigns } from "../../db/schema/campaigns.ts";
import { lists } from "../../db/schema/lists.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { servers } from "../../db/schema/servers.ts";
import { createCampaign, type StarterId } from "../../lib/campaigns/create.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { suppressionKey } from "../../lib/crypto/address-keys.ts";
import { seal } from "../../lib/crypto/sealed.ts";
import { newSubjectKey } from "../../lib/crypto/subject.ts";
import type { Mailer } from "../../lib/delivery/types.ts";
import type { ServerInput } from "../../lib/servers/types.ts";
import type { Services } from "../../lib/services.ts";
import type { Who } from "../../lib/users/who.ts";

export const START = new Date("2026-01-05T09:00:00Z");

/** A message of a few lines, for tests that are not about what is in it. */
export const plainMailer: Mailer = {
  prepare: async () => undefined,
  render: (_, v) => ({
    raw: Buffer.from(
      `From: ${v.from.name} <${v.from.address}>\r\nTo: ${v.to}\r\nDate: ${v.date}\r\nMessage-ID: ${v.messageId}\r\nSubject: Prova\r\nList-Unsubscribe: <${v.links.leave}>\r\n\r\nCiao ${v.name ?? ""}\r\n`,
    ),
  }),
};

export type Scene = {
  organization: string;
  list: string;
  contacts: string[];
  who: Who;
  addressOf: (contact: string) => string;
};

/** An organization with a list and people who confirmed, as the sign-up would have left them but for the events. */
export async function scene(s: Services, o: { people: number; slug?: string; live?: boolean }): Promise<Scene> {
  const organization = s.randomId();
  await s.db.insert(organizations).values({
    ...{
      id: organization,
      slug: o.slug ?? `o-${organization.slice(-8)}`,
      legalName: "Libreria Rossi",
      address: "Via Roma 1, Torino",
    },
    ...{
      taxId: "01234567890",
      privacyEmail: "privacy@libreria.example",
      createdAt: START,
      liveAt: o.live === false ? null : START,
    },
  });
  const list = s.randomId();
  const words = {
    name: "Novità",
    topics: "novità",
    frequency: "una volta al mese",
    locale: "it" as const,
    tone: "tu" as const,
  };
  await s.db.insert(lists).values({ id: list, organization, ...words, createdAt: START });
  const people = await confirmed(s, { organization, list, n: o.people });
  const addresses = new Map(people.map((one) => [one.contact, one.address]));
  const who: Who = { user: s.randomId(), organization, roles: ["owner", "marketing", "compliance"], operator: false };
  return {
    organization,
    list,
    contacts: people.map((one) => one.contact),
    who,
    addressOf: (contact) => addresses.get(contact) ?? "",
  };
}

/** People with an open basis on a list, inserted in bulk. */
export async function confirmed(
  s: Services,
  o: { organization: string; list: string; n: number; from?: number },
): Promise<{ contact: string; address: string }[]> {
  const people = Array.from({ length: o.n }, (_, i) => ({
    contact: s.randomId(),
    address: `p${(o.from ?? 0) + i}@example.it`,
  }));
  for (let i = 0; i < people.length; i += 2000) await insertPeople(s, o, people.slice(i, i + 2000));
  return people;
}

async function insertPeople(
  s: Services,
  o: { organization: string; list: string },
  people: { contact: string; address: string }[],
): Promise<void> {
  const rows = people.map((one) => {
    const subject = s.randomId();
    const key = seal(
      s.keys,
      { table: "subjects", row: subject, column: "key" },
      newSubjectKey(s.randomBytes),
      s.randomBytes,
    );
    const suppression = suppressionKey(s.keys, s.keys.write, o.organization, one.address);
    return { ...one, provenance: s.randomId(), subject, key, suppression, basis: s.randomId() };
  });
  const column = <T>(of: (row: (typeof rows)[number]) => T) => sql.param(rows.map(of));
  const given = sql`unnest(${column((r) => r.contact)}::uuid[], ${column((r) => r.address)}::text[], ${column((r) => r.provenance)}::uuid[], ${column((r) => r.subject)}::uuid[],
    ${column((r) => r.key)}::bytea[], ${column((r) => r.suppression)}::bytea[], ${column((r) => r.basis)}::uuid[]) as g(contact, address, provenance, subject, key, suppression, basis)`;
  const at = sql`${START.toISOString()}::timestamptz`;
  await s.db.transaction(async (tx) => {
    await tx.execute(sql`insert into contacts (id, organization, address, address_key, name, locale, provenance, created_at)
      select contact, ${o.organization}::uuid, address, address, 'Ada', 'it', provenance, ${at} from ${given}`);
    await tx.execute(
      sql`insert into provenance (id, organization, contact, kind, collected_at) select provenance, ${o.organization}::uuid, contact, 'unknown', ${at} from ${given}`,
    );
    await tx.execute(
      sql`insert into subjects (id, organization, contact, key, created_at) select subject, ${o.organization}::uuid, contact, key, ${at} from ${given}`,
    );
    await tx.execute(
      sql`insert into contact_keys (contact, kid, organization, key) select contact, ${s.keys.write}, ${o.organization}::uuid, suppression from ${given}`,
    );
    await tx.execute(sql`insert into bases (id, organization, contact, list, purpose, event, level, from_at, until_at)
      select basis, ${o.organization}::uuid, contact, ${o.list}::uuid, 'promo', basis, 'E3', ${at}, ${at} + interval '20 years' from ${given}`);
  });
}

/** A live server that leads to a sink, inserted as it would stand after its test. */
export async function sinkServer(
  s: Services,
  o: { organization: string; port: number } & Partial<Omit<ServerInput, "password" | "oauth">>,
): Promise<string> {
  const id = s.randomId();
  const { fromName, fromAddress, envelopeFrom, ...limits } = o;
  await s.db.insert(servers).values({
    ...{ id, kind: "dedicated", name: "Prova", host: "127.0.0.1", encryption: "none", auth: "none" },
    fromName: fromName ?? "Libreria Rossi",
    fromAddress: fromAddress ?? "news@libreria.example",
    envelopeFrom: envelopeFrom ?? fromAddress ?? "news@libreria.example",
    ...{ createdAt: START, liveAt: START, ...limits, connections: limits.connections ?? 4 },
  });
  return id;
}

/** A campaign that was launched a moment ago. */
export async function launched(
  s: Services,
  o: {
    scene: Scene;
    server: string;
    simulated?: boolean;
    at?: Date;
    servers?: { server: string; weight?: number }[];
    split?: "weight" | "capacity" | "domain";
  },
): Promise<string> {
  const id = s.randomId();
  const hash = Buffer.alloc(32);
  const { rows } = await s.db.execute<{ now: Date }>(sql`select app_now() as now`);
  const at = o.at ?? new Date(rows[0]?.now ?? START);
  await s.db.insert(campaigns).values({
    ...{
      id,
      organization: o.scene.organization,
      state: "sending",
      name: "Prova",
      subject: "Prova",
      locale: "it",
      mjml: "",
    },
    ...{
      server: o.server,
      snapshot: s.randomId(),
      simulated: o.simulated ?? false,
      split: o.split ?? "capacity",
      htmlSha: hash,
      mjmlSha: hash,
      textSha: hash,
      headSha: hash,
    },
    ...{ createdAt: at, createdBy: o.scene.who.user, savedAt: at, launchedAt: at, launchedBy: o.scene.who.user },
  });
  await s.db.insert(campaignLists).values({ campaign: id, list: o.scene.list });
  await s.db
    .insert(campaignServers)
    .values((o.servers ?? [{ server: o.server }]).map((one) => ({ campaign: id, ...one })));
  return id;
}

/** How many of a campaign's rows are in each state. */
export async function states(s: Pick<Services, "db">, campaign: string): Promise<Record<string, number>> {
  const { rows } = await s.db.execute<{ state: string; n: string }>(
    sql`select state, count(*) as n from deliveries where campaign = ${campaign}::uuid group by state`,
  );
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.n)]));
}

/** A campaign made from a starter and launched as the page does it: compiled MJML, frozen texts. */
export async function launchedStarter(s: Services, o: { scene: Scene; starter?: StarterId }): Promise<string> {
  const { who } = o.scene;
  const campaign = await createCampaign(s, { who, from: o.starter ?? "news", name: "Prova" });
  await launch(s, { who, campaign, version: 1 });
  return campaign;
}
