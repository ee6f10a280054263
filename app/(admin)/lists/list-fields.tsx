import { LIST_CAPS, LIST_PURPOSES, type ListDetails } from "../../../lib/lists/types.ts";
import type { Translate } from "../../_server/translate.ts";
import { Radio } from "../../_ui/choices.tsx";
import { Select } from "../../_ui/select.tsx";
import { TextField } from "../../_ui/text-field.tsx";

type Props = {
  t: Translate;
  list: Pick<ListDetails, "locale" | "tone"> & Partial<ListDetails>;
  /** Once there are words, the purpose is what people were asked for. */
  fixedPurpose?: boolean;
};

/** What a list promises: each field says where the reader will see it. */
export function ListFields({ t, list, fixedPurpose = false }: Props) {
  const text = (name: "name" | "topics" | "frequency") => (
    <TextField
      name={name}
      label={t(`lists.fields.${name}`)}
      help={t(`lists.fields.${name}Help`)}
      defaultValue={list[name]}
      maxLength={LIST_CAPS[name] * 12}
      autoComplete="off"
      required
    />
  );
  const options = (group: "locales" | "tones", values: readonly string[]) =>
    values.map((value) => ({ value, label: t(`lists.${group}.${value}`) }));
  return (
    <>
      {text("name")}
      {text("topics")}
      {text("frequency")}
      <Radio
        name="purpose"
        label={t("lists.fields.purpose")}
        help={t(fixedPurpose ? "lists.fields.purposeFixed" : "lists.fields.purposeHelp")}
        defaultValue={list.purpose ?? "promo"}
        choices={LIST_PURPOSES.map((value) => ({
          value,
          label: t(`lists.purposes.${value}`),
          help: t(`lists.purposes.${value}Help`),
          disabled: fixedPurpose && value !== list.purpose,
        }))}
      />
      <AlwaysConfirmed t={t} />
      <div className="grid gap-5 sm:grid-cols-2">
        <Select
          name="locale"
          label={t("lists.fields.locale")}
          help={t("lists.fields.localeHelp")}
          options={options("locales", ["it", "en"])}
          defaultValue={list.locale}
        />
        <Select
          name="tone"
          label={t("lists.fields.tone")}
          help={t("lists.fields.toneHelp")}
          options={options("tones", ["tu", "lei"])}
          defaultValue={list.tone}
        />
      </div>
    </>
  );
}

/** No switch, for there is nothing to switch off (decision 0013): the fact, with its reason. */
function AlwaysConfirmed({ t }: { t: Translate }) {
  return (
    <div className="max-w-text space-y-1">
      <p className="font-semibold">{t("lists.confirmation.title")}</p>
      <p className="text-table">{t("lists.confirmation.always")}</p>
      <p className="text-note text-ink-2">{t("lists.confirmation.why")}</p>
    </div>
  );
}
