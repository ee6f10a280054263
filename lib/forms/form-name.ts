import { z } from "zod";
import { atMost, characters } from "../text/at-most.ts";
import { headerText, withoutBidi } from "../text/header.ts";

const MOST = 80;

/** What staff call a form; the person who signs up never sees it. */
export const FormName = z
  .string()
  .check(atMost(MOST, (text) => Math.ceil(text.length / 5)))
  .refine((text) => headerText(text) !== undefined, "CONTROL_CHARACTERS")
  .transform((text) =>
    withoutBidi(headerText(text) ?? "")
      .normalize("NFC")
      .trim(),
  )
  .refine((text) => text.length > 0, "REQUIRED")
  .check(atMost(MOST, characters));
