import { type SQL, sql } from "drizzle-orm";

/**
 * SQL: the id of the server that carries an organization's mail at this moment, campaigns and system mail alike: its live one, else its sandbox; null while it has neither.
 * Asked in the statement that takes the mail: who was the carrier a second ago may have been replaced by "Vai in produzione".
 * @param organization SQL that is a uuid
 */
export function carrierSql(organization: SQL): SQL {
  return sql`(select id from servers where organization = ${organization} and removed_at is null and (live_at is not null or kind = 'sandbox')
    order by live_at desc nulls last limit 1)`;
}

/** SQL: the organization whose server carries mail to the installation's own staff: the oldest one that is live, else the oldest one. */
export const staffOrganizationSql: SQL = sql`(select id from organizations where closed_at is null order by live_at is null, id limit 1)`;
