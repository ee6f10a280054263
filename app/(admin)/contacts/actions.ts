"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { erase } from "../../../lib/consent/erase.ts";
import { WITHDRAWAL_CHANNELS, withdrawByStaff } from "../../../lib/consent/withdraw-by-staff.ts";
import { action } from "../../_server/action.ts";

const Withdrawal = z.strictObject({
  contact: z.uuid(),
  /** Empty: everything that this controller sends. */
  list: z.union([z.uuid(), z.literal("")]),
  channel: z.enum(WITHDRAWAL_CHANNELS),
  note: z.string().max(2000, "TOO_LONG"),
});

export const withdraw = action(Withdrawal, "suppression.add", async ({ s, who }, input) => {
  const { note, list, ...rest } = input;
  await withdrawByStaff(s, { who, ...rest, list: list || null, ...(note.trim() ? { note } : {}) });
  redirect(`/contacts/${input.contact}?withdrawn=1`);
});

export const eraseContact = action(
  z.strictObject({ contact: z.uuid() }),
  "contacts.erase",
  async ({ s, who }, { contact }) => {
    await erase(s, { who, contact });
    redirect(`/contacts/${contact}`);
  },
);
