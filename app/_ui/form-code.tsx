import { getTranslations } from "next-intl/server";
import { CodeBlock, CopyField } from "./copy-field.tsx";
import { Note } from "./layout.tsx";

/** Where a form is, and what to paste to lead people there. */
export async function FormCode({ url, html }: { url: string; html: string }) {
  const t = await getTranslations("forms");
  return (
    <div className="space-y-4">
      <CopyField label={t("address")} help={t("addressHelp")} value={url} />
      <p className="text-table">
        <a className="link" href={url} target="_blank" rel="noopener">
          {t("open")}
        </a>
      </p>
      <CodeBlock label={t("html")}>{html}</CodeBlock>
      <Note>{t("htmlHelp")}</Note>
    </div>
  );
}
