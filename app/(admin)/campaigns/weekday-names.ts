/** Days of the week, Monday first: "lun", or "lunedì". */
export function weekdayNames(locale: string, width: "short" | "long"): string[] {
  const name = new Intl.DateTimeFormat(locale, { weekday: width, timeZone: "UTC" });
  // 1 June 2026 is a Monday.
  return Array.from({ length: 7 }, (_, i) => name.format(new Date(Date.UTC(2026, 5, 1 + i))));
}
