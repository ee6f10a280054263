import type { Translate } from "../../../../_server/translate.ts";
import { FoldedFields } from "../../../../_ui/folded-fields.tsx";
import { Note } from "../../../../_ui/layout.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { TextField } from "../../../../_ui/text-field.tsx";
import { TickAll } from "./tick-all.tsx";

/** What can be done with those that are ticked, above them: 200 rows are long. */
export function Decide({ t }: { t: Translate }) {
  const word = (key: string) => t(`serverScreens.queue.${key}`);
  return (
    <div className="mb-4 space-y-3">
      <Note>{word("pick")}</Note>
      <div className="flex flex-wrap gap-3">
        <TickAll name="ids[]" label={word("all")} />
        <SubmitButton look="plain" name="decision" value="now">
          {word("now")}
        </SubmitButton>
      </div>
      <FoldedFields title={word("drop")} names={["reason"]}>
        <TextField name="reason" label={word("why")} help={word("whyHelp")} maxLength={200} />
        <SubmitButton look="danger" name="decision" value="drop">
          {word("dropNow")}
        </SubmitButton>
      </FoldedFields>
    </div>
  );
}
