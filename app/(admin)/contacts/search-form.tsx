import { STANDINGS, type Standing } from "../../../lib/contacts/types.ts";
import type { Translate } from "../../_server/translate.ts";
import { Select } from "../../_ui/select.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { TextField } from "../../_ui/text-field.tsx";

type Props = {
  t: Translate;
  text: string;
  list: string | undefined;
  standing: Standing | undefined;
  lists: readonly { id: string; name: string }[];
  masked: boolean;
};

/** A plain form that is sent with GET: what is looked for can be kept as a bookmark. */
export function SearchForm({ t, text, list, standing, lists, masked }: Props) {
  return (
    <search>
      <form
        // Made anew for another search: fields would keep what was typed.
        key={[text, list, standing].join()}
        action="/contacts"
        method="get"
        className="mb-5 grid items-end gap-4 sm:grid-cols-2 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)_auto]"
      >
        <TextField
          name="q"
          type="search"
          label={t(masked ? "contacts.search.whole" : "contacts.search.text")}
          defaultValue={text}
          autoComplete="off"
          maxLength={254}
        />
        <Select
          name="list"
          label={t("contacts.search.list")}
          choose={t("contacts.search.anyList")}
          options={lists.map(({ id, name }) => ({ value: id, label: name }))}
          defaultValue={list}
        />
        <Select
          name="standing"
          label={t("contacts.search.standing")}
          choose={t("contacts.search.anyStanding")}
          options={STANDINGS.map((value) => ({ value, label: t(`standings.${value}`) }))}
          defaultValue={standing}
        />
        <SubmitButton>{t("contacts.search.submit")}</SubmitButton>
      </form>
    </search>
  );
}
