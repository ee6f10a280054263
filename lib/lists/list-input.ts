import { z } from "zod";
import { atMost, characters } from "../text/at-most.ts";
import { headerText, withoutBidi } from "../text/header.ts";
import { LIST_CAPS, LIST_PURPOSES } from "./types.ts";

/** Units a character: a family of four emoji has eleven; a letter under ten thousand accents is no name (B17). */
const UNITS = 12;

/** The name becomes a mail's header and all three stand in its sentences: no line end, no control, nothing that turns the reading direction (B01, B17). */
const phrase = (most: number) =>
  z
    .string()
    // Counting the characters of a megabyte takes seconds.
    .check(atMost(most, (text) => Math.ceil(text.length / UNITS)))
    .refine((text) => headerText(text) !== undefined, "CONTROL_CHARACTERS")
    .transform((text) =>
      withoutBidi(headerText(text) ?? "")
        .normalize("NFC")
        .trim(),
    )
    .refine((text) => text.length > 0, "REQUIRED")
    .check(atMost(most, characters));

/** What a person says of a list. Nothing else is taken (B82). */
export const ListInput = z.strictObject({
  name: phrase(LIST_CAPS.name),
  topics: phrase(LIST_CAPS.topics),
  frequency: phrase(LIST_CAPS.frequency),
  locale: z.enum(["it", "en"]),
  tone: z.enum(["tu", "lei"]),
  purpose: z.enum(LIST_PURPOSES),
});
export type ListInput = z.input<typeof ListInput>;
