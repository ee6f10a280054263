import { maskAddress } from "../../lib/text/address.ts";

/** An e-mail address, which may be long: breaks anywhere. `masked`: m•••@esempio.it, for who may not see it. */
export function Address({ value, masked = false }: { value: string; masked?: boolean }) {
  return <span className="[overflow-wrap:anywhere]">{masked ? maskAddress(value) : value}</span>;
}
