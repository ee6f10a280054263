import { createTranslator } from "use-intl/core";
import en from "../../messages/en.json" with { type: "json" };
import it from "../../messages/it.json" with { type: "json" };

const CATALOGUE = { it, en: en as unknown as typeof it };

/** The few words of a form that are not the organization's own: field, button, link, number of a text. */
export function formTexts(locale: "it" | "en") {
  const t = createTranslator({
    locale,
    messages: CATALOGUE[locale],
    namespace: "formWords",
    timeZone: "UTC",
    formats: { number: { group: { useGrouping: "always" } } },
    onError(error) {
      throw error;
    },
  });
  return {
    label: t("label"),
    button: t("button"),
    trap: t("trap"),
    fullNotice: t("fullNotice"),
    textNumber: (version: number) => t("textNumber", { n: version }),
  };
}
