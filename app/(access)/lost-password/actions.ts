"use server";
import { z } from "zod";
import { requestReset } from "../../../lib/users/request-reset.ts";
import { openAction } from "../../_server/action.ts";
import { ring } from "../../_server/ring.ts";

const Address = z.strictObject({ email: z.string().min(1, "REQUIRED").max(400, "TOO_LONG") });

/** One answer for whoever it is. */
export const ask = openAction(Address, async ({ s, t, origin }, { email }) => {
  await requestReset(s, { email, ...(origin.network ? { network: origin.network } : {}) });
  ring("outbox", "staff");
  return t("access.lost.done");
});
