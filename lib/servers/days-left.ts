/** Days before the last one on which staff are reminded. */
export const REMINDERS = [30, 14, 7, 1] as const;

/** How many days a service has yet, counted from a day of its zone (both 2026-12-11): 0 on its last day, less after it. */
export function daysLeft(expiresOn: string, today: string): number {
  return Math.round((Date.parse(expiresOn) - Date.parse(today)) / 86_400_000);
}

/** The reminder that is due with so many days left: the narrowest that has begun. Undefined: none yet. */
export function reminderDue(days: number): number | undefined {
  return REMINDERS.findLast((most) => days <= most);
}
