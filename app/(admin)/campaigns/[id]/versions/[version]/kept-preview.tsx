import type { Translate } from "../../../../../_server/translate.ts";
import { Tabs } from "../../../../../_ui/tabs.tsx";

const VIEWS = ["desktop", "phone", "dark", "plain"] as const;

/** The version as its readers would see it, in a frame that can do nothing; each view has its address. */
export function KeptPreview(o: { t: Translate; id: string; version: number; view: string | undefined }) {
  const { t, id, version } = o;
  const shown = VIEWS.find((one) => one === o.view) ?? "desktop";
  const query = new URLSearchParams({
    ...{ version: String(version), part: shown === "plain" ? "text" : "html" },
    ...(shown === "dark" ? { dark: "1" } : {}),
  });
  return (
    <section aria-label={t("campaigns.draft.preview")}>
      <Tabs
        label={t("campaigns.draft.preview")}
        of={VIEWS.map((view) => ({
          href: `/campaigns/${id}/versions/${version}?view=${view}`,
          label: t(`campaigns.draft.${view}`),
          current: view === shown,
        }))}
      />
      <div className="flex justify-center rounded-sheet border border-rule bg-sunken p-2">
        <iframe
          sandbox=""
          src={`/campaigns/${id}/preview?${query}`}
          title={t("campaigns.draft.previewTitle")}
          className={`h-[75vh] min-h-96 w-full bg-white ${shown === "phone" ? "max-w-[375px]" : "max-w-[680px]"}`}
        />
      </div>
      <p className="mt-2 text-note text-ink-2">
        {t(shown === "dark" ? "campaigns.draft.darkNote" : "campaigns.draft.imagesNote")}
      </p>
    </section>
  );
}
