import { z } from "zod";
import { SEND_ORDERS, SPLITS } from "../../../../lib/campaigns/types.ts";
import { neededCount, typedCount } from "../../../_server/typed-count.ts";

const time = z.string().trim().max(40);

/** When and how fast, as the form sends it. Which values go together is judged by the verb. */
export const changedFields = {
  startsAt: time.optional().default(""),
  notAfter: time,
  perHour: typedCount({ min: 1, max: 100_000_000 }),
  days: z.array(z.coerce.number().int().min(0).max(6)).min(1, "CHOOSE_DAY").default([]),
  hourFrom: typedCount({ max: 23 }),
  hourTo: typedCount({ min: 1, max: 24 }),
  priority: z.coerce.number().int().min(-1).max(1),
};

export const sendingFields = { ...changedFields, sendOrder: z.enum(SEND_ORDERS) };

/** The choice of servers; the part of each comes as `weight.<its id>`. */
export const routeFields = <S extends z.ZodRawShape>(shape: S) =>
  z
    .object({
      ...shape,
      split: z.enum(SPLITS),
      servers: z.array(z.uuid()).max(50).default([]),
    })
    .catchall(neededCount({ min: 1, max: 100 }))
    .refine((o) => Object.keys(o).every((key) => key in shape || /^(split|servers|weight\.[0-9a-f-]{36})$/.test(key)));

/** What was typed for a server, else one part. */
export const weightOf = (weights: object, server: string): number =>
  Number((weights as Record<string, unknown>)[`weight.${server}`] ?? 1);

/** Days of the week as the bits that are kept; every day is no limit at all. */
export function weekdaysOf(days: number[]): number | null {
  const bits = days.reduce((all, day) => all | (1 << day), 0);
  return bits === 127 ? null : bits;
}
