import { Forbidden } from "../errors.ts";
import type { Who } from "./who.ts";

export const ROLES = ["owner", "marketing", "compliance", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/** Who may do what in an organization. `operator` is a mark on a user and concerns the installation. */
export const RIGHTS = {
  "campaigns.see": ["owner", "marketing", "compliance", "auditor"],
  "campaigns.write": ["owner", "marketing"],
  /** Approving what somebody else asked to have approved: four eyes. */
  "campaigns.release": ["owner", "compliance"],
  "lists.see": ["owner", "marketing", "compliance", "auditor"],
  "lists.write": ["owner", "marketing"],
  /** Auditors see addresses masked (`seesAddresses`). */
  "contacts.see": ["owner", "marketing", "compliance", "auditor"],
  "contacts.edit": ["owner", "marketing"],
  /** IP, user agent, page: the sealed part of a record. */
  "evidence.see": ["compliance"],
  "notices.see": ["owner", "marketing", "compliance", "auditor"],
  "notices.write": ["owner", "marketing", "compliance"],
  "notices.publish": ["owner", "compliance"],
  "suppression.add": ["owner", "marketing", "compliance"],
  "suppression.lift": ["compliance"],
  "servers.see": ["owner", "marketing", "compliance", "auditor"],
  "servers.write": ["owner"],
  "ledger.see": ["owner", "compliance", "auditor"],
  "people.see": ["owner", "compliance", "auditor"],
  "people.write": ["owner"],
  "organization.see": ["owner", "marketing", "compliance", "auditor"],
  "organization.write": ["owner"],
  /** Erasing a person (art. 17) is an answer to a request: compliance gives it. */
  "contacts.erase": ["compliance", "owner"],
  /** Organizations, allowed hosts, mail to staff in the sandbox. */
  installation: ["operator"],
} as const satisfies Record<string, readonly (Role | "operator")[]>;

export type Right = keyof typeof RIGHTS;

/** Whether any of the caller's roles carries the right. */
export function hasRight(who: Who, right: Right): boolean {
  const holders: readonly string[] = RIGHTS[right];
  return (who.operator && holders.includes("operator")) || who.roles.some((role) => holders.includes(role));
}

/** @throws Forbidden when none of the caller's roles carries the right. */
export function requireRight(who: Who, right: Right): void {
  if (!hasRight(who, right)) throw new Forbidden(right);
}

/** Auditors read addresses masked; a reason opens them in a later version. */
export function seesAddresses(who: Who): boolean {
  return who.roles.some((role) => role !== "auditor");
}
