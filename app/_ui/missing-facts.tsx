import { missingWord } from "../_server/missing-words.ts";
import type { Translate } from "../_server/translate.ts";
import { Link } from "./link.tsx";
import { Notice } from "./notice.tsx";

/** What organization or list do not say yet, without which no text is published; nothing when all is there. */
export function MissingFacts({ t, missing }: { t: Translate; missing: readonly string[] }) {
  if (missing.length === 0) return null;
  return (
    <Notice tone="bad" title={t("missing.refused", { n: missing.length })}>
      <p>{t("missing.list", { parts: missing.map((name) => missingWord(name, t)).join(", ") })}</p>
      <p>
        <Link href="/organization">{t("missing.toOrganization")}</Link>
      </p>
    </Notice>
  );
}
