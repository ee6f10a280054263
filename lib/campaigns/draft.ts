import { z } from "zod";
import { parseAddress } from "../text/address.ts";
import { cleanText } from "../text/clean.ts";
import { headerText } from "../text/header.ts";
import { SEND_ORDERS } from "./types.ts";

/** Caps of what a draft may hold (B46). A mail of 102 KB is already cut by Gmail: these are far beyond, and keep the compiler safe. */
export const CAPS = { name: 120, subject: 250, preheader: 250, fromName: 100, mjml: 500_000, text: 200_000, lists: 50 };

/** What becomes a header: no line end, no control character in it (B01, B02). */
const header = (most: number) =>
  z
    .string()
    .max(most, "TOO_LONG")
    .refine((text) => headerText(text) !== undefined, "CONTROL_CHARACTERS")
    .transform((text) => headerText(text) ?? "");

const body = (most: number) =>
  z
    .string()
    .max(most, "TOO_LONG")
    .transform((text) => cleanText(text).replaceAll("\r\n", "\n"));

/** B42: includes are off in the compiler, and refused here as well. */
const noInclude = (text: string) => !/<\s*mj-include/i.test(text);

const hours = (least: number, most: number) => z.int().min(least).max(most).nullable().optional();

const sending = {
  startsAt: z.iso.datetime().nullable().optional(),
  notAfter: z.iso.datetime().nullable().optional(),
  perHour: z.int().min(1).max(100_000_000).nullable().optional(),
  weekdays: hours(1, 127),
  hourFrom: hours(0, 23),
  hourTo: hours(1, 24),
  priority: z.int().min(-1).max(1).optional(),
  sendOrder: z.enum(SEND_ORDERS).optional(),
};

/** What a save may bring: any of a draft's parts, nothing else. Half-written MJML and Liquid are saved as they are. */
export const DraftChange = z.strictObject({
  name: header(CAPS.name)
    .refine((text) => text.length > 0, "REQUIRED")
    .optional(),
  subject: header(CAPS.subject).optional(),
  preheader: header(CAPS.preheader).optional(),
  fromName: header(CAPS.fromName).optional(),
  replyTo: z
    .string()
    .transform((text) => text.trim() || null)
    .refine((text) => text === null || parseAddress(text) !== undefined, "ADDRESS")
    // Whoever answers may have a server without SMTPUTF8, and so may we.
    .refine((text) => text === null || parseAddress(text)?.ascii !== false, "ADDRESS_NOT_ASCII")
    .nullable()
    .optional(),
  mjml: body(CAPS.mjml).refine(noInclude, "NO_INCLUDE").optional(),
  /** Empty: derived from the HTML. */
  text: body(CAPS.text)
    .transform((text) => (text.trim() === "" ? null : text))
    .nullable()
    .optional(),
  lists: z.array(z.uuid()).max(CAPS.lists, "TOO_LONG").optional(),
  ...sending,
});

export type DraftChange = z.infer<typeof DraftChange>;
