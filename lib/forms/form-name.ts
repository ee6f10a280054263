import { z } from "zod";
import { headerText, withoutBidi } from "../text/header.ts";

/** What staff call a form; the person who signs up never sees it. */
export const FormName = z
  .string()
  .max(400, "TOO_LONG")
  .refine((text) => headerText(text) !== undefined, "CONTROL_CHARACTERS")
  .transform((text) =>
    withoutBidi(headerText(text) ?? "")
      .normalize("NFC")
      .trim(),
  )
  .refine((text) => text.length > 0, "REQUIRED")
  .refine((text) => [...new Intl.Segmenter("en").segment(text)].length <= 80, "TOO_LONG");
