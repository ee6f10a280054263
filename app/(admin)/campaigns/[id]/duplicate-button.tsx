import type { Translate } from "../../../_server/translate.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { duplicate } from "./actions.ts";

/** A new draft that says the same, opened at once. */
export function DuplicateButton({ id, t }: { id: string; t: Translate }) {
  return (
    <ActionForm action={duplicate} id="duplicate">
      <input type="hidden" name="campaign" value={id} />
      <SubmitButton look="plain">{t("campaigns.duplicate")}</SubmitButton>
    </ActionForm>
  );
}
