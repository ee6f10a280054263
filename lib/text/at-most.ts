import type { z } from "zod";

/**
 * A check of a schema: no more than `most`, as `length` counts. Unlike a refinement it says how many, so that the sentence beside the field can.
 */
export function atMost(most: number, length: (text: string) => number) {
  return ({ value, issues }: z.core.ParsePayload<string>): void => {
    if (length(value) <= most) return;
    issues.push({
      code: "too_big",
      origin: "string",
      maximum: most,
      inclusive: true,
      input: value,
      message: "TOO_LONG",
    });
  };
}

/** Characters as people count them: a family of four emoji is one. */
export const characters = (text: string): number => [...new Intl.Segmenter("en").segment(text)].length;
