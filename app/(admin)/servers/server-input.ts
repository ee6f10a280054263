import { z } from "zod";

/** A limit as it is typed: empty means none. */
const limit = z
  .string()
  .trim()
  .regex(/^\d{0,9}$/, "INVALID")
  .transform((text) => (text === "" ? null : Number(text)));
const text = (most: number) => z.string().trim().min(1).max(most, "TOO_LONG");

/** A sending server as the form sends it; what the values mean together is judged by the verb. */
export const ServerFields = z.strictObject({
  kind: z.enum(["shared", "dedicated"]),
  name: text(100),
  host: text(253),
  port: z.coerce.number().int().min(1).max(65_535),
  encryption: z.enum(["none", "starttls", "tls"]),
  auth: z.enum(["none", "password"]),
  username: z.string().max(320, "TOO_LONG").optional(),
  /** Empty: stays as it is. */
  password: z.string().max(1000, "TOO_LONG").optional(),
  fromName: text(100),
  fromAddress: text(254),
  envelopeFrom: z.string().trim().max(254, "TOO_LONG").optional(),
  perDay: limit,
  perHour: limit,
  perMinute: limit.optional(),
  perSecond: limit.optional(),
  reserve: limit,
  connections: z.coerce.number().int().min(1).max(50),
});

type Fields = z.infer<typeof ServerFields>;

/** As the verbs take it: what was left empty is not there. */
export function serverInput({ username, password, envelopeFrom, reserve, ...rest }: Fields) {
  return {
    ...rest,
    reserve: reserve ?? 0,
    ...(username?.trim() ? { username: username.trim() } : {}),
    ...(password ? { password } : {}),
    ...(envelopeFrom ? { envelopeFrom } : {}),
  };
}
