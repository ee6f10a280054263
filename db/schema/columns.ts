import { customType, timestamp, uuid } from "drizzle-orm/pg-core";

/** Raw bytes: hashes, keys, sealed values (formats.md §7). */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/** Several hashes in one column, e.g. the notices an event points at. */
export const byteaArray = customType<{ data: Buffer[]; driverData: Buffer[] }>({ dataType: () => "bytea[]" });

/** An instant, cut to milliseconds as every time of formats.md is. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

export const id = () => uuid("id").primaryKey();
