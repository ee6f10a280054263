import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { DomainError } from "../errors.ts";

/** Forms of companies at the end of a name, which nobody looks for in an address. */
const FORMS =
  /[\s,]+(s\.?\s?r\.?\s?l\.?s?|s\.?\s?p\.?\s?a|s\.?\s?n\.?\s?c|s\.?\s?a\.?\s?s|a\.?\s?p\.?\s?s|o\.?d\.?v|e\.?t\.?s|ltd|inc|gmbh|llc|plc)\.?\s*$/i;

/** A name as a part of an address: "Casa editrice Esèmpio s.r.l." is `casa-editrice-esempio`. */
export function slugOf(name: string): string {
  const plain = name.replace(FORMS, "").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return slug.slice(0, 50).replace(/-+$/, "") || "org";
}

/** A slug for a new organization that no other has or ever had in a ledger's origin (formats.md §5). */
export async function freeSlug(db: Db, name: string): Promise<string> {
  const slug = slugOf(name);
  const { rows } = await db.execute<{ slug: string }>(
    sql`select slug from organizations where slug = ${slug} or slug like ${`${slug}-%`} union select slug from used_slugs where slug = ${slug} or slug like ${`${slug}-%`}`,
  );
  const taken = new Set(rows.map((row) => row.slug));
  const tries = [slug, ...Array.from({ length: 999 }, (_, i) => `${slug}-${i + 2}`)];
  const free = tries.find((one) => !taken.has(one));
  if (!free) throw new DomainError("NAME_TAKEN", { field: "legalName" });
  return free;
}
