/** All zones that this machine knows; the chosen one also where it goes by an older name. */
export function zones(chosen: string): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return [...new Set([...known, "UTC", chosen])].sort();
}
