import type { Keeping } from "../../../../../lib/campaigns/kept-versions.ts";
import type { Translate } from "../../../../_server/translate.ts";
import { TimeText } from "../../../../_ui/time-text.tsx";

/** For what a version was kept, when and by whom: a line for each. */
export function KeptWords({ t, kept }: { t: Translate; kept: Keeping[] }) {
  return kept.map(({ keptFor, at, by }) => (
    <span key={keptFor} className="block">
      {t(`campaigns.versions.for.${keptFor}`)}, {by ?? t("campaigns.versions.somebody")}
      <span className="block text-note text-ink-2">
        <TimeText at={at} />
      </span>
    </span>
  ));
}
