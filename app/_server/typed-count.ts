import { z } from "zod";

/** Digits as people group them: "2500", "2.500", "2,500", "2 500", "2’500". */
const GROUPED = /^\d{1,3}(?:[.,\s'’]\d{3})+$/;

/**
 * A whole number as it is typed; empty is null. What is no number says so: a browser that judges by itself posts nothing for it, and nothing is "no limit".
 */
export const typedCount = (o: { min?: number; max: number }) =>
  z
    .string()
    .trim()
    .transform((typed, ctx) => {
      const digits = GROUPED.test(typed) ? typed.replace(/\D/g, "") : typed;
      if (digits === "") return null;
      if (/^\d+$/.test(digits)) return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
      ctx.addIssue({ code: "custom", message: "COUNT" });
      return z.NEVER;
    })
    .pipe(
      z
        .number()
        .min(o.min ?? 0)
        .max(o.max)
        .nullable(),
    );

/** The same where nothing may be left empty. */
export const neededCount = (o: { min?: number; max: number }) => typedCount(o).pipe(z.number("REQUIRED"));
