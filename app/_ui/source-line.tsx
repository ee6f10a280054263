import { getTranslations } from "next-intl/server";

/** The offer of AGPL-3.0 §13, at the foot of every page of staff. A plain link: it leads to a file, or away. */
export async function SourceLine() {
  const t = await getTranslations("ui");
  return (
    <footer className="text-note text-ink-2 print:hidden">
      {t.rich("freeSoftware", {
        link: (words) => (
          <a href="/source" className="underline underline-offset-2 hover:text-ink">
            {words}
          </a>
        ),
      })}
    </footer>
  );
}
