import { REMINDERS } from "./days-left.ts";

/** What the calendar says: a title and a text in the reader's language, and where the service is renewed. */
export type ExpiryEvent = {
  server: string;
  /** 2026-12-11 */
  expiresOn: string;
  title: string;
  text: string;
  url: string;
  /** When the file is made. */
  at: Date;
};

/** The last day of a service as a calendar file (RFC 5545): an event of the whole day, with an alarm at nine o'clock of each reminder's day. */
export function expiryCalendar(o: ExpiryEvent): string {
  const day = (date: Date) => date.toISOString().slice(0, 10).replaceAll("-", "");
  const first = new Date(`${o.expiresOn}T00:00:00Z`);
  const next = new Date(first.getTime() + 86_400_000);
  const alarms = REMINDERS.flatMap((days) => [
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${escaped(o.title)}`,
    // An event of a whole day begins at midnight: nine hours after it is on the day itself (RFC 5545 3.8.6.3).
    `TRIGGER:-PT${days * 24 - 9}H`,
    "END:VALARM",
  ]);
  const lines = [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Assenso//server expiry//EN", "METHOD:PUBLISH", "BEGIN:VEVENT"],
    // One uid for a date: whoever takes the file again after a renewal gets a second event, not a moved one that nobody asked for.
    `UID:${o.server}-${o.expiresOn}@assenso`,
    `DTSTAMP:${o.at.toISOString().replace(/[-:]|\.\d+/g, "")}`,
    `DTSTART;VALUE=DATE:${day(first)}`,
    `DTEND;VALUE=DATE:${day(next)}`,
    `SUMMARY:${escaped(o.title)}`,
    `DESCRIPTION:${escaped(o.text)}`,
    `URL:${o.url}`,
    "TRANSP:TRANSPARENT",
    ...alarms,
    ...["END:VEVENT", "END:VCALENDAR", ""],
  ];
  return lines.map(folded).join("\r\n");
}

/** RFC 5545 3.3.11 */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, "\\n");
}

/** RFC 5545 3.1: no line is longer than 75 octets, and none is cut within a character. */
function folded(line: string): string {
  const parts: string[] = [];
  let [part, size] = ["", 0];
  for (const sign of line) {
    const octets = Buffer.byteLength(sign);
    if (size + octets > 74) {
      parts.push(part);
      [part, size] = ["", 0];
    }
    part += sign;
    size += octets;
  }
  return [...parts, part].join("\r\n ");
}
