"use client";
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  Heading,
} from "react-aria-components";
import { Icon } from "./icon.tsx";

/** A month to choose a day from, inside a DatePicker. */
export function MonthCalendar() {
  const step = "flex size-9 items-center justify-center rounded-sheet text-ink-2 hover:bg-sunken disabled:opacity-40";
  return (
    <Calendar>
      <div className="mb-2 flex items-center justify-between gap-2">
        <Button slot="previous" className={step}>
          <Icon name="arrow-left" />
        </Button>
        <Heading className="text-table font-semibold" />
        <Button slot="next" className={step}>
          <Icon name="arrow-right" />
        </Button>
      </div>
      <CalendarGrid className="text-table">
        <CalendarGridHeader>
          {(day) => <CalendarHeaderCell className="size-9 text-note text-ink-2">{day}</CalendarHeaderCell>}
        </CalendarGridHeader>
        <CalendarGridBody>
          {(date) => (
            <CalendarCell
              date={date}
              className="flex size-9 cursor-pointer items-center justify-center rounded-tag outline-offset-[-2px] hover:bg-sunken data-[outside-month]:hidden data-[selected]:bg-accent data-[selected]:text-on-accent data-[disabled]:text-ink-3 data-[disabled]:line-through data-[today]:font-semibold"
            />
          )}
        </CalendarGridBody>
      </CalendarGrid>
    </Calendar>
  );
}
