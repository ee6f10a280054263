import { z } from "zod";
import type { Processor } from "../../db/schema/organizations.ts";
import { addressKey } from "../text/address.ts";
import { headerText } from "../text/header.ts";
import { isTimeZone } from "../text/zones.ts";

/** One line that people read and headers carry: no control character, no line end (B01). */
const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, "REQUIRED")
    .max(most, "TOO_LONG")
    .refine((text) => headerText(text) !== undefined, "CONTROL_CHARACTERS");

const optional = <T extends z.ZodType<string, string>>(schema: T) =>
  z
    .string()
    .trim()
    .transform((text) => text || null)
    .pipe(z.union([z.null(), schema]));

const webAddress = z
  .string()
  .max(300, "TOO_LONG")
  .refine((text) => /^https?:\/\/[^\s/?#@]+\.[^\s@]+$/i.test(text) && URL.canParse(text), "URL");

const ProcessorInput = z
  .strictObject({ name: line(120), country: line(80), safeguard: z.string().trim().max(200, "TOO_LONG").optional() })
  .transform(({ safeguard, ...rest }): Processor => (safeguard ? { ...rest, safeguard } : rest));

/**
 * Who writes: the controller's identity as readers see it (GDPR art. 13(1)(a)-(c), (e), (f), 13(2)(a)). Empty optional fields become null;
 * the same fields come from the set-up, the settings page and `assenso setup --file`.
 */
export const Identity = z.strictObject({
  legalName: line(160),
  /** One line: it stands in the footer of every mail. */
  address: line(240),
  /** VAT number or codice fiscale; also foreign ones. */
  taxId: line(40).refine((text) => /^[\p{L}\p{N}][\p{L}\p{N} ./-]+$/u.test(text), "INVALID"),
  privacyEmail: z
    .string()
    .trim()
    .max(254, "TOO_LONG")
    .refine((text) => addressKey(text) !== undefined, "ADDRESS"),
  dpo: optional(line(200)),
  processors: z.array(ProcessorInput).max(20, "TOO_MANY"),
  consentMonths: z.coerce.number("INVALID").int("INVALID").min(1, "MONTHS").max(60, "MONTHS"),
  /** Null: our own page, built from these answers. */
  privacyUrl: optional(webAddress),
  website: optional(webAddress),
  locale: z.enum(["it", "en"]),
  tone: z.enum(["tu", "lei"]),
  timeZone: z.string().refine(isTimeZone, "TIME_ZONE"),
});

export type Identity = z.infer<typeof Identity>;
