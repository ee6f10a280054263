import { BlockList, isIP, isIPv4 } from "node:net";

/** What no sending server may be: this machine, private and special networks (RFC 6890, RFC 5771, RFC 6598, RFC 2544). */
const REFUSED_4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** Of IPv6 only global unicast is a place to send to, less Teredo, ORCHID, documentation and 6to4. */
const REFUSED_6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const list = (family: "ipv4" | "ipv6", networks: string[]) => {
  const blocked = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    blocked.addSubnet(address, Number(bits), family);
  }
  return blocked;
};

const refused4 = list("ipv4", REFUSED_4);
const refused6 = list("ipv6", REFUSED_6);
const global6 = list("ipv6", ["2000::/3"]);
const nat64 = list("ipv6", ["64:ff9b::/96"]);

/** Whether an IP address is one of the public internet. What is no address at all is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !refused4.check(address, "ipv4");
  if (isIP(address) !== 6 || address.includes("%")) return false;
  // NAT64 (RFC 6052) carries an IPv4 address in its last 32 bits: judged by that. Mapped and compatible ones are outside 2000::/3.
  if (nat64.check(address, "ipv6")) return isPublicAddress(lastFour(address));
  return global6.check(address, "ipv6") && !refused6.check(address, "ipv6");
}

/** The IPv4 address in the last 32 bits of an IPv6 address. */
function lastFour(address: string): string {
  const dotted = /(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (dotted) return dotted;
  const [high = "0", low = "0"] = new URL(`http://[${address}]`).hostname.slice(1, -1).split(":").slice(-2);
  const [a, b] = [Number.parseInt(high || "0", 16), Number.parseInt(low || "0", 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join(".");
}
