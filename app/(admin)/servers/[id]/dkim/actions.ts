"use server";
import { z } from "zod";
import { activateDkim, lookAtDkim } from "../../../../../lib/servers/dkim-activate.ts";
import { makeDkimKeys } from "../../../../../lib/servers/dkim-make.ts";
import { setDkim } from "../../../../../lib/servers/dkim-mode.ts";
import { removeDkimKey } from "../../../../../lib/servers/dkim-remove.ts";
import { action } from "../../../../_server/action.ts";

const One = z.strictObject({ server: z.uuid() });
const Make = One.extend({ ed25519: z.literal("on").optional() });
const Key = z.strictObject({ key: z.uuid() });
const name = z.string().max(253, "TOO_LONG");
const Mode = One.extend({
  dkim: z.enum(["ours", "provider", "none"]),
  domain: name.optional(),
  selector: name.optional(),
});

export const make = action(Make, "servers.write", async ({ s, who, t }, { server, ed25519 }) => {
  await makeDkimKeys(s, { who, server, ed25519: ed25519 === "on" });
  return t("dkimScreen.made");
});

/** Asks the DNS whether the records are there. */
export const look = action(One, "servers.write", async ({ s, who, t }, { server }) => {
  await lookAtDkim(s, { who, server });
  return t("dkimScreen.looked");
});

export const activate = action(One, "servers.write", async ({ s, who, t }, { server }) => {
  await activateDkim(s, { who, server });
  return t("dkimScreen.activated");
});

export const removeKey = action(Key, "servers.write", async ({ s, who }, { key }) => {
  await removeDkimKey(s, { who, key });
});

export const sayWhoSigns = action(Mode, "servers.write", async ({ s, who, t }, { server, dkim, domain, selector }) => {
  const mode = dkim === "provider" ? { dkim, domain: domain ?? "", selector: selector ?? "" } : { dkim };
  await setDkim(s, { who, server, mode });
  return t("dkimScreen.saved");
});
