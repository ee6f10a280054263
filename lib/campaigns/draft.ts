import { z } from "zod";

/** Caps of what a draft may hold (B46). A mail of 102 KB is already cut by Gmail: these are far beyond, and keep the compiler safe. */
export const CAPS = { name: 120, subject: 250, preheader: 250, fromName: 100, mjml: 500_000, text: 200_000, lists: 50 };

// Anything that ends or hides a header line: CR, LF, NUL, the other C0 and C1 controls, U+2028, U+2029 (B01, B02).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BREAKS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

const header = (most: number) =>
  z
    .string()
    .max(most, "TOO_LONG")
    .refine((text) => !BREAKS.test(text), "CONTROL_CHARACTERS")
    .transform((text) => text.toWellFormed().trim());

const body = (most: number) =>
  z
    .string()
    .max(most, "TOO_LONG")
    .transform((text) => text.toWellFormed().replaceAll("\0", "\ufffd").replaceAll("\r\n", "\n"));

/** B42: includes are off in the compiler, and refused here as well. */
const noInclude = (text: string) => !/<\s*mj-include/i.test(text);

/** What a save may bring: any of a draft's parts, nothing else. Half-written MJML and Liquid are saved as they are. */
export const DraftChange = z.strictObject({
  name: header(CAPS.name)
    .refine((text) => text.length > 0, "REQUIRED")
    .optional(),
  subject: header(CAPS.subject).optional(),
  preheader: header(CAPS.preheader).optional(),
  fromName: header(CAPS.fromName).optional(),
  replyTo: z
    .union([z.literal("").transform(() => null), z.email("ADDRESS").max(254, "TOO_LONG")])
    .nullable()
    .optional(),
  mjml: body(CAPS.mjml).refine(noInclude, "NO_INCLUDE").optional(),
  text: body(CAPS.text).nullable().optional(),
  lists: z.array(z.uuid()).max(CAPS.lists, "TOO_LONG").optional(),
});

export type DraftChange = z.infer<typeof DraftChange>;
