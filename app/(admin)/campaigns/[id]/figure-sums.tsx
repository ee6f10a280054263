import type { Progress } from "../../../../lib/campaigns/types.ts";
import type { Translate } from "../../../_server/translate.ts";
import { Figure, Sums } from "../../../_ui/figure.tsx";

/** The three figures that add up to the snapshot; each opens its rows. */
export function FigureSums({ t, id, progress }: { t: Translate; id: string; progress: Progress }) {
  if (progress.size === 0) return null;
  const unsure = progress.states.some((one) => one.state === "uncertain" && one.n > 0);
  return (
    <Sums
      label={t("campaigns.live.figures", { n: progress.size })}
      of={(["done", "toDo", "notSent"] as const).map((figure) => {
        const label = t(`campaigns.live.${figure === "notSent" && unsure ? "notSentOrUnsure" : figure}`);
        const href = `/campaigns/${id}/rows?figure=${figure}`;
        return { label, value: <Figure value={progress[figure]} href={href} label={label} /> };
      })}
    />
  );
}
