import type pg from "pg";
import { suppressionKey } from "../lib/crypto/address-keys.ts";
import { seal } from "../lib/crypto/sealed.ts";
import { newSubjectKey } from "../lib/crypto/subject.ts";
import type { Services } from "../lib/services.ts";
import type { TestDatabase } from "../tests/support/database.ts";
import { type Scene, scene } from "../tests/support/sending.ts";

const BATCH = 20_000;
/** Where an Italian list has its people: a few large providers, and a tail. */
const DOMAINS = `(array['gmail.com','gmail.com','gmail.com','libero.it','libero.it','hotmail.it','yahoo.it','icloud.com','alice.it','tiscali.it'])[1 + n % 14]`;

/**
 * An organization with a list and people who confirmed, as `scene` of the tests leaves them. Set-based, without foreign keys and without waiting for the disk: a million in a minute.
 * @param o.keys so many of the first ones have keys that open, which a message needs: sealing a million takes as long as the rest
 */
export async function crowd(s: Services, d: TestDatabase, o: { people: number; keys?: number }): Promise<Scene> {
  const here = await scene(s, { people: 0 });
  const keys = Math.min(o.keys ?? 0, o.people);
  await filling(d, async (client) => {
    for (let from = 0; from < keys; from += BATCH)
      await withKeys(s, client, { ...here, from, n: Math.min(BATCH, keys - from) });
    for (let from = keys; from < o.people; from += 10 * BATCH)
      await without(client, { ...here, from, n: Math.min(10 * BATCH, o.people - from), kid: s.keys.write });
  });
  await d.owner.pool.query("vacuum (analyze) contacts, provenance, subjects, contact_keys, bases");
  return here;
}

/** Work on a connection that fills tables: nothing is checked that the rows are known to hold, and no statement waits for the disk. Triggers that are no foreign keys run where `triggers` says so. */
export async function filling(
  d: TestDatabase,
  work: (client: pg.PoolClient) => Promise<void>,
  o: { triggers?: boolean } = {},
): Promise<void> {
  const client = await d.owner.pool.connect();
  try {
    await client.query("set synchronous_commit = off");
    await client.query("set work_mem = '256MB'");
    if (!o.triggers) await client.query("set session_replication_role = replica");
    await work(client);
  } finally {
    client.release(true);
  }
}

type Some = { organization: string; list: string; from: number; n: number };

const address = (n: string) => `'p' || ${n} || '@' || coalesce(${DOMAINS}, 'd' || n % 4999 || '.it')`;

async function withKeys(s: Services, client: pg.PoolClient, o: Some): Promise<void> {
  const place = (row: string) => ({ table: "subjects", row, column: "key" });
  const { rows: named } = await client.query<{ address: string }>(
    `select ${address("n")} as address from generate_series($1::int, $2::int) n order by n`,
    [o.from, o.from + o.n - 1],
  );
  const rows = named.map((one) => {
    const [contact, subject, basis] = [s.randomId(), s.randomId(), s.randomId()];
    const key = seal(s.keys, place(subject), newSubjectKey(s.randomBytes), s.randomBytes);
    return {
      ...one,
      contact,
      subject,
      basis,
      key,
      suppression: suppressionKey(s.keys, s.keys.write, o.organization, one.address),
    };
  });
  const column = (name: keyof (typeof rows)[number]) => rows.map((row) => row[name]);
  await client.query(
    insertPeople(
      "select * from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::bytea[], $9::bytea[]) as g(contact, subject, basis, address, sealed, suppression)",
    ),
    [
      o.organization,
      o.list,
      s.keys.write,
      column("contact"),
      column("subject"),
      column("basis"),
      column("address"),
      column("key"),
      column("suppression"),
    ],
  );
}

async function without(client: pg.PoolClient, o: Some & { kid: number }): Promise<void> {
  const made = `select uuidv7() as contact, uuidv7() as subject, uuidv7() as basis, ${address("n")} as address, decode(repeat(md5(n::text), 4), 'hex')::bytea as sealed,
    sha256(n::text::bytea) as suppression from generate_series($4::int, $5::int) n`;
  await client.query(insertPeople(made), [o.organization, o.list, o.kid, o.from, o.from + o.n - 1]);
}

const insertPeople = (made: string) => `
  with g as materialized (${made}),
  c as (insert into contacts (id, organization, address, address_key, name, locale, provenance, created_at)
        select contact, $1::uuid, address, address, 'Ada', 'it', basis, now() - interval '200 days' from g),
  p as (insert into provenance (id, organization, contact, kind, collected_at) select basis, $1::uuid, contact, 'unknown', now() - interval '200 days' from g),
  x as (insert into subjects (id, organization, contact, key, created_at) select subject, $1::uuid, contact, sealed, now() - interval '200 days' from g),
  k as (insert into contact_keys (contact, kid, organization, key) select contact, $3::smallint, $1::uuid, suppression from g)
  insert into bases (id, organization, contact, list, purpose, event, level, from_at, until_at)
  select basis, $1::uuid, contact, $2::uuid, 'promo', basis, 'E3', now() - interval '200 days', now() + interval '500 days' from g`;
