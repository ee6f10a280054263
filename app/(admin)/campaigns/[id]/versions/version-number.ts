/** A version as it stands in an address; undefined for what is none. Nine digits are within PostgreSQL's integer. */
export function versionNumber(text: string | undefined): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text ?? "") ? Number(text) : undefined;
}
