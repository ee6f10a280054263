import { getTranslations } from "next-intl/server";
import { Link } from "./link.tsx";
import { LiveRegion } from "./live-region.tsx";
import { StatusTag } from "./status-tag.tsx";

/** Above each page: what is being sent this moment. Looks again every half minute, so that it goes when it is over. */
export async function SendingStrip({ of }: { of: readonly { id: string; name: string }[] }) {
  const t = await getTranslations("nav");
  return (
    <LiveRegion every={30} on={of.length > 0}>
      {of.length > 0 && (
        <aside
          aria-label={t("sendingNow")}
          className="border-b border-rule bg-surface print:hidden px-4 py-2 text-table sm:px-7 md:px-10"
        >
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <StatusTag tone="info">{t("sendingNow")}</StatusTag>
            {of.map(({ id, name }) => (
              <Link key={id} href={`/campaigns/${id}`} look="quiet" className="[overflow-wrap:anywhere]">
                {name}
              </Link>
            ))}
          </p>
        </aside>
      )}
    </LiveRegion>
  );
}
