"use server";
import { z } from "zod";
import { checkDomainNow } from "../../../../../lib/servers/domain-check/check-now.ts";
import { action } from "../../../../_server/action.ts";

const One = z.strictObject({ server: z.uuid() });

/** Asks the DNS, and the page shows what it said. */
export const check = action(One, "servers.write", async ({ s, who, t }, { server }) => {
  await checkDomainNow(s, { who, server });
  return t("domainScreen.done");
});
