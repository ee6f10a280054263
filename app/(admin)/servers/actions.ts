"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { goLive, leaveProduction } from "../../../lib/delivery/go-live.ts";
import { createServer } from "../../../lib/servers/create.ts";
import { setLoanSender } from "../../../lib/servers/loan-sender.ts";
import { moveServer } from "../../../lib/servers/move.ts";
import { resumeServer } from "../../../lib/servers/pause.ts";
import { resumeDomain } from "../../../lib/servers/pause-domain.ts";
import { pinCertificate, unpinCertificate } from "../../../lib/servers/pin.ts";
import { removeServer } from "../../../lib/servers/remove.ts";
import { testServer } from "../../../lib/servers/test-server.ts";
import { updateServer } from "../../../lib/servers/update.ts";
import { action } from "../../_server/action.ts";
import { ServerFields, serverInput } from "./server-input.ts";

const One = z.strictObject({ server: z.uuid() });

export const addServer = action(ServerFields, "servers.write", async ({ s, who }, input) => {
  const { id } = await createServer(s, { who, ...serverInput(input) });
  redirect(`/servers/${id}/test`);
});

export const changeServer = action(
  ServerFields.extend(One.shape),
  "servers.write",
  async ({ s, who, t }, { server, ...input }) => {
    await updateServer(s, { who, server, ...serverInput(input) });
    return t("serverScreens.saved");
  },
);

/** The talk with the server, and a real mail to the caller at its end; the page shows it. */
export const runTest = action(One, "servers.write", async ({ s, who }, { server }) => {
  await testServer(s, { who, server });
});

export const resume = action(One, "servers.write", async ({ s, who }, { server }) => {
  await resumeServer(s, { who, server });
});

/** Lets one recipient domain go on. */
export const resumeOne = action(
  One.extend({ domain: z.string().max(253) }),
  "servers.write",
  async ({ s, who }, { server, domain }) => {
    await resumeDomain(s, { who, server, domain });
  },
);

/** As whom a borrower sends over a lent server. */
export const saveSender = action(
  One.extend({
    fromName: z.string().trim().min(1, "REQUIRED").max(100, "TOO_LONG"),
    fromAddress: z.string().trim().min(1, "REQUIRED").max(254, "TOO_LONG"),
    envelopeFrom: z.string().trim().max(254, "TOO_LONG"),
  }),
  "servers.write",
  async ({ s, who, t }, input) => {
    await setLoanSender(s, { who, ...input });
    return t("serverScreens.saved");
  },
);

export const remove = action(One, "servers.write", async ({ s, who }, { server }) => {
  await removeServer(s, { who, server });
  redirect("/servers");
});

/** The others in production carry on. */
export const outOfProduction = action(One, "servers.write", async ({ s, who }, { server }) => {
  await leaveProduction(s, { who, server });
});

const Move = One.extend({
  host: z.string().max(253).optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
});

/** Another name or port, as the test has proposed it; and the test again. */
export const moveTo = action(Move, "servers.write", async ({ s, who }, { server, host, port }) => {
  await moveServer(s, { who, server, host, port });
  await testServer(s, { who, server });
});

const Pin = One.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/), reason: z.string().max(500, "TOO_LONG") });

/** One certificate is accepted though it does not hold; and the test again. */
export const pin = action(Pin, "servers.write", async ({ s, who }, input) => {
  await pinCertificate(s, { who, ...input });
  await testServer(s, { who, server: input.server });
});

export const unpin = action(One, "servers.write", async ({ s, who }, { server }) => {
  await unpinCertificate(s, { who, server });
});

/** From now on mail leaves the house. */
export const intoProduction = action(One, "servers.write", async ({ s, who }, { server }) => {
  await goLive(s, { who, server });
  redirect(`/servers/${server}`);
});
