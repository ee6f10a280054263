"use client";
import { parseDateTime } from "@internationalized/date";
import { useState } from "react";
import { Button, DateInput, DatePicker, DateSegment, Dialog, Group, Label, Popover } from "react-aria-components";
import { MonthCalendar } from "./calendar.tsx";
import { FieldErrors, FieldHelp, type FieldProps } from "./field.tsx";
import { useField } from "./form-context.tsx";
import { useHydrated } from "./hydrated.ts";
import { Icon } from "./icon.tsx";
import { useWords } from "./words.tsx";

type Props = FieldProps & {
  /** Wall time, "2026-11-30T09:00". */
  defaultValue?: string | undefined;
  min?: string;
  /** The zone as people say it ("Roma"), after the field: whose clocks are meant. */
  zone: string;
  onChange?(wall: string): void;
};

/**
 * A date and time on the clocks of a place, in parts that each can be typed or stepped. Posts "2026-11-30T09:00" (lib/text/zoned.ts reads it);
 * empty when no date was chosen. Without script it is the browser's own field, which posts the same.
 */
export function DateTimeField(props: Props) {
  const { name, label, help, optional, defaultValue, min, zone, className = "" } = props;
  const { id, errors, typed } = useField(name);
  const hydrated = useHydrated();
  const words = useWords();
  const start = typed ?? defaultValue ?? "";
  const described = [help && `${id}-help`, errors.length > 0 && `${id}-error`].filter(Boolean).join(" ");
  const aria = { "aria-describedby": described || undefined };
  const mark = optional && <span className="font-normal text-ink-2"> ({words.optional})</span>;
  const faulty = errors.length > 0;
  return (
    <div className={`max-w-text ${className}`}>
      {hydrated ? (
        <Parts {...props} {...{ id, start, faulty }} described={described || undefined} />
      ) : (
        <>
          <label htmlFor={id} className="mb-1 block text-table font-semibold">
            {label}
            {mark}
          </label>
          {help && <FieldHelp id={id}>{help}</FieldHelp>}
          <span className="flex items-center gap-2">
            <input
              type="datetime-local"
              {...{ id, name, min }}
              {...aria}
              defaultValue={start}
              className="control max-w-72"
            />
            <span className="text-ink-2">{zone}</span>
          </span>
        </>
      )}
      <FieldErrors id={id} errors={errors} />
    </div>
  );
}

type PartsProps = Props & { id: string; start: string; described: string | undefined; faulty: boolean };

function Parts({ id, name, label, help, optional, start, min, zone, described, faulty, onChange }: PartsProps) {
  const words = useWords();
  const [value, setValue] = useState(() => (start ? parseDateTime(start) : null));
  const wall = value ? value.toString().slice(0, 16) : "";
  return (
    <DatePicker
      id={id}
      value={value}
      onChange={(next) => {
        setValue(next);
        onChange?.(next ? next.toString().slice(0, 16) : "");
      }}
      granularity="minute"
      hourCycle={24}
      shouldForceLeadingZeros
      isInvalid={faulty}
      {...(min ? { minValue: parseDateTime(min) } : {})}
      {...(described ? { "aria-describedby": described } : {})}
    >
      <Label className="mb-1 block text-table font-semibold">
        {label}
        {optional && <span className="font-normal text-ink-2"> ({words.optional})</span>}
      </Label>
      {help && <FieldHelp id={id}>{help}</FieldHelp>}
      <span className="flex flex-wrap items-center gap-x-2">
        <Group className="control flex max-w-72 items-center p-0 data-[invalid]:border-bad">
          <DateInput className="flex flex-1 items-center px-2">
            {(segment) => (
              <DateSegment
                segment={segment}
                className="rounded-tag py-0.5 text-center text-ink outline-none not-data-[type=literal]:min-w-6 not-data-[type=literal]:px-0.5 data-[placeholder]:text-ink-3 data-[type=literal]:text-ink-2 data-[focused]:bg-accent data-[focused]:text-on-accent"
              />
            )}
          </DateInput>
          <Button className="flex min-h-(--target) w-11 items-center justify-center text-ink-2 hover:text-ink">
            <Icon name="calendar" />
          </Button>
        </Group>
        <span className="text-ink-2">{zone}</span>
      </span>
      <input type="hidden" name={name} value={wall} />
      <Popover className="sheet shadow-float">
        <Dialog className="p-4 outline-none" aria-label={words.calendar}>
          <MonthCalendar />
        </Dialog>
      </Popover>
    </DatePicker>
  );
}
