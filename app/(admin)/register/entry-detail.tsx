import type { RegisterLine } from "../../../lib/consent/register.ts";
import type { Translate } from "../../_server/translate.ts";

/** What an entry says in one line: list, purpose, text, way. It names nobody. */
export function EntryDetail({ line, t }: { line: RegisterLine; t: Translate }) {
  const { list, purpose, textVersion, method } = line;
  const said = [
    list?.name,
    purpose && t(`lists.purposes.${purpose}`),
    textVersion && t("contacts.textVersion", { n: textVersion }),
    method && wordsOf(method, t),
  ];
  return <>{said.filter(Boolean).join(" · ")}</>;
}

/** A way of telling us, in words where there are some. */
export function wordsOf(method: string, t: Translate): string {
  for (const group of ["contacts.methods", "contacts.channels"])
    if (t.has(`${group}.${method}`)) return t(`${group}.${method}`);
  return method;
}
