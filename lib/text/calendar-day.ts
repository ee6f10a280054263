// A calendar day, written 2026-12-11, has no zone.

/** Noon of UTC of a calendar day: to read it with formatters, always in the zone "UTC". In a zone of its own (Auckland) it may be the next day. */
export function noonOf(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}

export function dayAfter(day: string): string {
  return new Date(noonOf(day).getTime() + 86_400_000).toISOString().slice(0, 10);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant in a zone. */
export function dayOf(at: Date | number, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    if (formats.size > 600) formats.clear(); // there are fewer zones than that
    format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
    formats.set(zone, format);
  }
  return format.format(at);
}
