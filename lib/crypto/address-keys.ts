import { abuseAddress } from "../text/address.ts";
import { hmac } from "./hash.ts";
import type { KeyRing } from "./keys.ts";
import { uuidBytes } from "./uuid.ts";

/** How a suppression list, the journal and a leave link name an address without holding it: 16 bytes, of one organization (formats.md §8). */
export function suppressionKey(keys: KeyRing, kid: number, organization: string, addressKey: string): Buffer {
  return hmac(keys.sub(kid, "suppression"), uuidBytes(organization), addressKey).subarray(0, 16);
}

/** The address under every key of the ring: a look-up tries them all, for a stored key keeps the kid that it was made with. */
export function suppressionKeys(
  keys: KeyRing,
  organization: string,
  addressKey: string,
): { kid: number; key: Buffer }[] {
  return keys.kids().map((kid) => ({ kid, key: suppressionKey(keys, kid, organization, addressKey) }));
}

/** What limits on sign-ups count: one value for all the spellings that reach one mailbox. Never identity. 32 bytes. */
export function abuseKey(keys: KeyRing, addressKey: string): Buffer {
  return hmac(keys.sub(keys.write, "suppression"), "abuse\n", abuseAddress(addressKey));
}
