import type { Translate } from "../../_server/translate.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Section, Sheet, SheetPart } from "../../_ui/layout.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { TextArea } from "../../_ui/text-field.tsx";
import { askLists } from "./actions.ts";

/** The lists that the nightly check of sender domains asks; none until somebody has read their terms. */
export function Blocklists({ t, zones }: { t: Translate; zones: string[] }) {
  return (
    <Section title={t("installation.blocklists.title")}>
      <Sheet>
        <SheetPart>
          <p className="max-w-text">{t("installation.blocklists.about")}</p>
          <ActionForm action={askLists} id="blocklists">
            <TextArea
              name="zones"
              label={t("installation.blocklists.zones")}
              help={t("installation.blocklists.zonesHelp")}
              defaultValue={zones.join("\n")}
              rows={3}
              spellCheck={false}
              optional
            />
            <SubmitButton>{t("installation.blocklists.save")}</SubmitButton>
          </ActionForm>
        </SheetPart>
      </Sheet>
    </Section>
  );
}
