import type { Translate } from "../../_server/translate.ts";

const PRINTED = /\{\{-?\s*([a-z_]+)\.([a-z_]+)\b[^{}]*\}\}/g;

/** A subject as people read it before it has a reader: what the template will print goes by its name. "" where there is none yet. */
export function subjectWords(t: Translate, subject: string): string {
  return subject.replace(PRINTED, (code, of: string, part: string) => {
    const key = `campaigns.mergeFields.${of}_${part}`;
    return t.has(key) ? `‹${t(key)}›` : code;
  });
}
