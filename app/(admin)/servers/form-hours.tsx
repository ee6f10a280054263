"use client";
import { Checkbox, FieldGroup } from "../../_ui/choices.tsx";
import { FoldedFields } from "../../_ui/folded-fields.tsx";
import { Select } from "../../_ui/select.tsx";
import type { ServerDefaults } from "./server-form.tsx";
import type { ServerWords } from "./server-words.ts";

const HOURS = Array.from({ length: 25 }, (_, hour) => ({ value: String(hour), label: `${hour}:00` }));

/** When campaigns may leave; confirmations leave at any time. */
export function FormHours({ now, words, zones }: { now: ServerDefaults; words: ServerWords; zones: string[] }) {
  return (
    <>
      <p className="max-w-text text-note text-ink-2">{words.hoursHelp}</p>
      <FieldGroup name="weekdays" label={words.weekdays}>
        <div className="flex flex-wrap gap-x-5 gap-y-2">
          {words.days.map((day, bit) => (
            <Checkbox
              key={day}
              name="weekdays[]"
              value={String(bit)}
              defaultChecked={(now.weekdays >> bit) % 2 === 1}
              grouped
            >
              {day}
            </Checkbox>
          ))}
        </div>
      </FieldGroup>
      <div className="grid max-w-text gap-5 sm:grid-cols-2">
        <Select
          name="hourFrom"
          label={words.hourFrom}
          options={HOURS.slice(0, 24)}
          defaultValue={String(now.hourFrom)}
        />
        <Select name="hourTo" label={words.hourTo} options={HOURS.slice(1)} defaultValue={String(now.hourTo)} />
      </div>
      <Checkbox name="restHolidays" help={words.holidaysHelp} defaultChecked={now.restHolidays}>
        {words.holidays}
      </Checkbox>
      <FoldedFields title={words.zone} names={["zone"]}>
        <Select
          {...{ name: "zone", label: words.zone, help: words.zoneHelp, defaultValue: now.zone }}
          options={zones.map((value) => ({ value, label: value.replaceAll("_", " ") }))}
        />
      </FoldedFields>
    </>
  );
}
