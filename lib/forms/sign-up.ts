import { appNow } from "../clock.ts";
import { requestConsent } from "../consent/request.ts";
import type { BoxState, RequestFacts } from "../consent/types.ts";
import type { Services } from "../services.ts";
import { parseAddress } from "../text/address.ts";
import { ageOf, readFormToken } from "./form-token.ts";
import type { PublicForm } from "./published-form.ts";

/** What a browser sent, as text: nothing of it is believed. */
export type SignUp = {
  form: PublicForm;
  email: string;
  token: string;
  /** A field that people do not see: what fills it is a machine (B59). */
  trap: string;
  /** Purposes whose boxes came back ticked. */
  ticked: string[];
  locale: "it" | "en";
  network?: string;
  request: RequestFacts;
};

/** `again`: show the form with a fresh token (left open too long, or answered faster than a person can). */
export type SignUpAnswer = { done: true } | { done: false; faults: ("address" | "box" | "again")[] };

/**
 * Somebody sent the hosted form. What she typed is checked here and the words that she saw are those of the token's version; the answer is the
 * same whether her address is known, suppressed, over a limit or new (B55), and a machine that filled the trap is told the same.
 */
export async function signUp(s: Services, o: SignUp): Promise<SignUpAnswer> {
  const token = readFormToken(s.keys, o.form.id, o.token);
  if (token?.version !== o.form.version) return { done: false, faults: ["again"] };
  const address = parseAddress(o.email);
  const boxes: BoxState[] = o.form.boxes.map((box) => ({
    purpose: box.purpose,
    shown: true,
    ticked: o.ticked.includes(box.purpose),
  }));
  const main = boxes.find((box) => box.purpose === o.form.list.purpose);
  const faults = [...(address ? [] : (["address"] as const)), ...(main?.ticked ? [] : (["box"] as const))];
  if (!address || faults.length > 0) return { done: false, faults };
  if (ageOf(token, await appNow(s.db)) !== "good") return { done: false, faults: ["again"] };
  if (o.trap !== "") return { done: true };
  const { form, version } = { form: o.form.id, version: o.form.version };
  const network = o.network ? { network: o.network } : {};
  await requestConsent(s, { form, version, address, locale: o.locale, boxes, request: o.request, ...network });
  return { done: true };
}

/** What a limit counts as one visitor: an IPv4 address, or the /64 that an IPv6 customer gets (B86). */
export function networkOf(ip: string): string {
  if (!ip.includes(":")) return ip;
  const [head = "", tail = ""] = ip.split("::");
  const left = head.split(":").filter(Boolean);
  const right = ip.includes("::") ? tail.split(":").filter(Boolean) : [];
  const zeros = ip.includes("::") ? Array(Math.max(0, 8 - left.length - right.length)).fill("0") : [];
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(":")}::/64`;
}
