import { type SQL, sql } from "drizzle-orm";

/** SQL: the servers that an organization may send with for real: its own in production, and those lent to it that it put into production. Columns id, at. */
export function liveServersSql(organization: SQL): SQL {
  return sql`
    select s.id, s.live_at as at from servers s where s.organization = ${organization} and s.removed_at is null and s.live_at is not null
    union all
    select l.server, l.live_at from server_loans l join servers s on s.id = l.server
     where l.organization = ${organization} and l.ended_at is null and l.live_at is not null and s.removed_at is null`;
}

/**
 * SQL: the id of the server that carries an organization's system mail at this moment, and its campaigns unless others were chosen: of those in production the one
 * that was put there last, else the sandbox; null while it has neither. Who was in production once never falls back to the sandbox: mail waits for a server.
 * Asked in the statement that takes the mail: who was the carrier a second ago may have been replaced by "Vai in produzione".
 * @param organization SQL that is a uuid
 */
export function carrierSql(organization: SQL): SQL {
  return sql`coalesce(
    (select id from (${liveServersSql(organization)}) live order by at desc limit 1),
    (select id from servers where organization = ${organization} and kind = 'sandbox' and removed_at is null
        and not exists (select from organizations g where g.id = ${organization} and g.live_at is not null)))`;
}

/** SQL: the organization whose server carries mail to the installation's own staff: the oldest one that is live, else the oldest one. */
export const staffOrganizationSql: SQL = sql`(select id from organizations where closed_at is null order by live_at is null, id limit 1)`;
